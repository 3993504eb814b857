"""Every route states what it needs (USR-02, SEC-27); the table of routes and rights is reviewed in a file."""

from pathlib import Path

from flask import Flask

from lunarfront.kernel.api.endpoint import ACCESS
from lunarfront.kernel.api.gateway import Access
from lunarfront.kernel.permissions import CATALOGUE

TABLE = Path(__file__).with_name("routes.txt")
METHODS = {"GET", "POST", "PATCH", "PUT", "DELETE"}


def routes(app: Flask) -> list[tuple[str, str, Access | None]]:
    """All routes as (methods, path, access)."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        access = getattr(app.view_functions[rule.endpoint], ACCESS, None)
        methods = " ".join(sorted(METHODS & (rule.methods or set())))
        found.append((methods, rule.rule, access))
    return sorted(found, key=lambda row: (row[1], row[0]))


def shown(access: Access) -> str:
    if access.public:
        return "public"
    if access.signed_in:
        return "signed in"
    return f"{access.permission}{' (or approval)' if access.approvable else ''}"


def test_usr_02_every_route_names_its_permission(app: Flask) -> None:
    for methods, path, access in routes(app):
        assert access is not None, f"{methods} {path} does not say who may call it"
        assert sum((access.permission is not None, access.signed_in, access.public)) == 1, path
        assert access.permission is None or access.permission in CATALOGUE, (path, access.permission)


def test_sec_27_routes_and_rights_are_the_reviewed_ones(app: Flask) -> None:
    now = [
        f"{methods:5} {path}  {shown(access)}" for methods, path, access in routes(app) if access is not None
    ]
    reviewed = TABLE.read_text().splitlines()
    assert now == reviewed, "routes changed: review them and write the new table to tests/api/routes.txt"


def test_idm_01_routes_that_move_money_or_stock_need_a_key(app: Flask) -> None:
    keyed = {path for _, path, access in routes(app) if access and access.idempotent}
    moving = {
        path
        for methods, path, _ in routes(app)
        if methods == "POST"
        and path.startswith(("/api/v1/transactions", "/api/v1/drawer-sessions", "/api/v1/stock/adjustments"))
        and path.rsplit("/", 1)[1]
        not in ("quote", "lines", "discounts", "hold", "resume", "count", "receipts")
    }
    assert moving <= keyed, moving - keyed
