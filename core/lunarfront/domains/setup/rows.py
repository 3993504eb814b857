"""Rows that every company is opened with."""

from decimal import Decimal

#: kind -> (code, label, note needed)
REASON_CODES: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "discount": (
        ("price_match", "Price match", False),
        ("damaged_item", "Damaged item", False),
        ("loyal_customer", "Loyal customer", False),
        ("manager", "Manager's decision", False),
        ("other", "Other", True),
    ),
    "override": (
        ("price_match", "Price match", False),
        ("wrong_price", "Wrong price on the shelf", False),
        ("negotiated", "Negotiated", False),
        ("other", "Other", True),
    ),
    "return": (
        ("changed_mind", "Changed mind", False),
        ("defective", "Defective", False),
        ("wrong_item", "Wrong item", False),
        ("cancelled", "Order cancelled", False),
        ("other", "Other", True),
    ),
    "void": (
        ("customer_left", "Customer left", False),
        ("mistake", "Rung up by mistake", False),
        ("held_expired", "Held too long", False),
        ("other", "Other", True),
    ),
    "adjustment": (
        ("damaged", "Damaged", False),
        ("lost", "Lost or stolen", False),
        ("found", "Found", False),
        ("own_use", "Used in the store", False),
        ("correction", "Correction of a mistake", False),
        ("other", "Other", True),
    ),
    "oversell": (("on_shelf", "It is in the customer's hand", False), ("other", "Other", True)),
    "no_sale": (
        ("change", "Making change", False),
        ("check", "Checking the drawer", False),
        ("other", "Other", True),
    ),
    "paid_in": (("change_fund", "Change from the bank", False), ("other", "Other", True)),
    "paid_out": (("supplies", "Supplies", False), ("delivery", "Delivery", False), ("other", "Other", True)),
    "drop": (("safe", "Too much cash in the drawer", False), ("other", "Other", True)),
    "tip_payout": (("tips", "Tips paid out", False),),
    "variance": (
        ("miscount", "Miscounted", False),
        ("change_error", "Wrong change given", False),
        ("unknown", "Not known", True),
    ),
    "approval": (("manager_approved", "Approved by the manager", False), ("other", "Other", True)),
    "tax_exempt": (
        ("resale", "For resale", False),
        ("school", "School", False),
        ("nonprofit", "Non-profit", False),
    ),
    "archive": (("closed", "No longer used", False), ("other", "Other", True)),
}

UNIT_STATUSES = (
    "on_order available reserved on_layaway on_trial sold damaged in_repair in_transit rented lost scrapped "
    "returned_to_supplier retired"
).split()
ITEM_CONDITIONS = "new excellent good fair poor damaged".split()
TAX_CATEGORIES = "standard service food sheet_music clothing labor rental lesson gift_card exempt".split()

#: role -> limits: discount fraction, refund amount, trade-in amount; None is no limit (POS-17, RET-06, POS-42).
ROLE_LIMITS: dict[str, tuple[Decimal | None, Decimal | None, Decimal | None]] = {
    "admin": (None, None, None),
    "manager": (Decimal("0.25"), None, None),
    "staff": (Decimal("0.10"), Decimal("100.00"), Decimal("100.00")),
    "technician": (Decimal("0.10"), Decimal("0.00"), Decimal("100.00")),
    "instructor": (Decimal("0.10"), Decimal("0.00"), Decimal("0.00")),
    "viewer": (Decimal("0.00"), Decimal("0.00"), Decimal("0.00")),
}
