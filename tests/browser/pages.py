"""Pages that the accessibility run visits; modules add theirs."""

#: path -> role that opens it
PAGES = {
    "/login": "manager",
    "/pos": "manager",
    "/orders": "manager",
    "/orders?q=nothing": "manager",
    "/drawer": "manager",
    "/journal": "manager",
    "/inventory": "manager",
    "/inventory/new": "manager",
    "/customers": "manager",
    "/customers/new": "manager",
    "/register": "manager",
    "/no-such-page": "manager",
}
SIZES = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
