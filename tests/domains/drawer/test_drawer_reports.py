"""X and Z reports, the day of a location, and the history of differences."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from tests.domains.drawer.conftest import MANAGER, refund

Sell = Callable[..., dict[str, Any]]
As = Callable[..., ApiClient]
Close = Callable[[str, str, str], dict[str, Any]]


@pytest.fixture
def busy(as_user: As, client: ApiClient, opened: str, sell: Sell, goods: dict[str, UUID]) -> str:
    """A session with sales of two people, tax, a discount, a card slip, a refund, a void and a no-sale."""
    reason = {"type": "percent", "value": "10", "reason_code": "loyal_customer"}
    taxed = {
        "client_uuid": str(uuid4()),
        "lines": [{"variant_id": str(goods["A"]), "qty": "2"}],
        "discounts": [reason],
        "tenders": [{"type": "cash", "tendered": "20.00"}],
        "complete": True,
    }
    assert as_user("manager").post("/transactions", taxed).status_code == 201
    refund(client, sell("12.00"))
    sell("40.00", by="card")
    voided = sell("7.00")
    assert client.post(f"/transactions/{voided['id']}/void", {"reason_code": "mistake"}).status_code == 200
    assert client.post(f"{opened}/movements", {"kind": "no_sale", "reason_code": "change"}).status_code == 201
    return opened


def test_drw_11_report_shows_the_whole_shift(client: ApiClient, busy: str) -> None:
    report = client.get(f"{busy}/x").json
    totals = report["totals"]
    sales = totals["sales"]
    assert (sales["count"], sales["discounts"], sales["net"], sales["tax"]) == (3, "2.00", "69.98", "1.30")
    assert (totals["refunds"]["count"], totals["refunds"]["total"]) == (1, "-12.00")
    assert totals["voids"] == {"count": 1, "total": "7.00"}
    assert [(row["name"], row["rate"], row["amount"]) for row in totals["taxes"]] == [
        ("Illinois sales tax", "0.072500", "1.30")
    ]
    assert totals["tenders"] == [
        {"type": "card", "count": 1, "amount": "40.00"},
        {"type": "cash", "count": 3, "amount": "19.28"},
    ]
    assert [(user["name"], user["count"], user["total"]) for user in totals["users"]] == [
        ("Admin A", 3, "40.00"),
        ("Manager A", 1, "19.28"),
    ]
    assert report["no_sales"] == 1
    cash = report["cash"]
    assert (cash["sales"], cash["refunds"], cash["expected"]) == ("38.28", "19.00", "219.28")


def test_drw_06_x_changes_nothing(client: ApiClient, busy: str, ctx: CompanyContext) -> None:
    def version() -> Any:
        return ctx.uow.query("SELECT version, z_report FROM drawer_session")[0]

    before = version()
    first, second = client.get(f"{busy}/x").json, client.get(f"{busy}/x").json
    assert first == second | {"as_of": first["as_of"]}
    assert version() == before
    assert client.get(f"{busy}/z").json["code"] == "invalid_transition"


def test_drw_06_z_keeps_what_x_showed_and_is_printed_again_alike(
    client: ApiClient, as_user: As, busy: str, close: Close, ctx: CompanyContext
) -> None:
    shown = client.get(f"{busy}/x").json
    close(busy, "219.28", "200.00")
    report = client.get(f"{busy}/z").json
    again = as_user("viewer").get(f"{busy}/z")
    assert again.json == report
    assert (report["kind"], report["z_number"], report["closed_by_name"]) == ("z", 1, "Admin A")
    assert report["totals"] | {"movements": []} == shown["totals"] | {"movements": []}
    assert report["cash"]["expected"] == shown["cash"]["expected"]
    assert (report["cash"]["close_drop"], report["cash"]["left_in_drawer"]) == ("19.28", "200.00")
    assert client.get(f"{busy}/x").json["code"] == "invalid_transition"


def test_drw_06_a_closed_session_is_immutable(opened: str, close: Close, ctx: CompanyContext) -> None:
    close(opened, "200.00", "200.00")
    for change in ("over_short = 0", "status = 'open'", "z_report = '{}'"):
        with pytest.raises(DBAPIError, match="append-only"), ctx.uow.connection.begin_nested():
            ctx.uow.execute(f"UPDATE drawer_session SET {change}")


def test_drw_06_z_numbers_have_no_gaps(as_user: As, opened: str, close: Close) -> None:
    numbers = [close(opened, "200.00", "200.00")["z_number"]]
    for _ in range(3):
        session = as_user("staff").post("/drawer-sessions", {"opening_float": "200.00"}).json
        refused = as_user("staff").post(f"/drawer-sessions/{session['id']}/close", {})
        assert refused.json["code"] == "invalid_transition"
        numbers.append(close(f"/drawer-sessions/{session['id']}", "200.00", "200.00")["z_number"])
    assert numbers == [1, 2, 3, 4]


def test_drw_11_count_by_denomination_is_on_the_z_report(client: ApiClient, opened: str) -> None:
    client.post(f"{opened}/count", {"denominations": {"20": 10}})
    client.post(f"{opened}/close", {"left_in_drawer": "200.00"})
    assert client.get(f"{opened}/z").json["cash"]["closing_denominations"] == {"20.00": 10}


def test_drw_12_acceptance_7_midnight(
    as_user: As,
    client: ApiClient,
    goods: dict[str, UUID],
    sell: Sell,
    close: Close,
    clock: Any,
    ctx: CompanyContext,
) -> None:
    clock.now = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 18:00 at the shop, on the 23rd
    opened = client.post("/drawer-sessions", {"opening_float": "200.00"}).json
    path = f"/drawer-sessions/{opened['id']}"
    clock.now = datetime(2026, 11, 24, 5, 50, tzinfo=UTC)
    sell("10.00")
    clock.now = datetime(2026, 11, 24, 6, 20, tzinfo=UTC)
    sell("25.00")
    clock.now = datetime(2026, 11, 24, 6, 40, tzinfo=UTC)
    close(path, "235.00", "200.00")
    report = client.get(f"{path}/z").json
    days = [(part["business_date"], part["sales"]["total"]) for part in report["dates"]]
    assert days == [("2026-11-23", "10.00"), ("2026-11-24", "25.00")]
    assert (report["business_date"], report["closing_date"]) == ("2026-11-23", "2026-11-24")
    assert report["warnings"] == ["business_date_changed"]
    assert report["totals"]["sales"]["total"] == "35.00"
    rows = ctx.uow.query(
        "SELECT entry_date::text AS day, sum(total_debits) AS total FROM journal_entry "
        "WHERE event_type = 'sale_completed' GROUP BY entry_date ORDER BY entry_date"
    )
    assert [(row.day, str(row.total)) for row in rows] == [("2026-11-23", "10.00"), ("2026-11-24", "25.00")]
    for day, total, over_short in (("2026-11-23", "10.00", "0.00"), ("2026-11-24", "25.00", "0.00")):
        found = client.get(f"/reports/drawer-day?date={day}&location_id={opened['location_id']}").json
        assert found["total"]["sales"]["total"] == total
        assert found["closed"]["over_short"] == over_short


def test_drw_14_day_of_a_location_is_the_sales_of_the_date(
    as_user: As, client: ApiClient, busy: str, close: Close, sell: Sell, company: Any, ctx: CompanyContext
) -> None:
    close(busy, "218.28", "200.00")
    sell("31.00", by="card")
    client.post("/drawer-sessions", {"opening_float": "200.00"})
    sell("5.00")
    today = ctx.business_date().isoformat()
    path = f"/reports/drawer-day?date={today}&location_id={company.location_id}"
    day = client.get(path).json
    assert [drawer["status"] for drawer in day["closed"]["drawers"]] == ["closed"]
    assert (day["closed"]["over_short"], day["closed"]["counted"]) == ("-1.00", "218.28")
    assert day["open"]["totals"]["sales"]["total"] == "5.00"
    assert day["without_drawer"]["sales"]["total"] == "31.00"
    booked = ctx.uow.query(
        "SELECT sum(total) AS total, sum(tax_total) AS tax FROM transaction WHERE status = 'completed'"
    )[0]
    total = day["total"]
    sums = [sum(float(total[kind][name]) for kind in ("sales", "refunds")) for name in ("total", "tax")]
    assert [f"{amount:.2f}" for amount in sums] == [str(booked.total), str(booked.tax)]
    blind = as_user("staff").get(path).json
    assert blind["open"]["drawers"][0]["expected_total"] is None
    assert [row["amount"] for row in blind["total"]["tenders"] if row["type"] == "cash"] == [None]


def test_drw_07_history_has_a_running_sum_per_drawer(
    as_user: As, opened: str, close: Close, ctx: CompanyContext, company: Any
) -> None:
    close(opened, "199.00", "199.00")
    second = as_user("staff").post("/drawer-sessions", {"opening_float": "196.00"}).json
    close(f"/drawer-sessions/{second['id']}", "196.50", "196.50")
    today = ctx.business_date().isoformat()
    path = f"/reports/drawer-history?from={today}&to={today}"
    rows = as_user("viewer").get(path).json["items"]
    shown = [
        (row["z_number"], row["opening_variance"], row["over_short"], row["running_sum"]) for row in rows
    ]
    assert shown == [(1, "0.00", "-1.00", "-1.00"), (2, "-3.00", "0.50", "-3.50")]
    mine = f"{path}&user_id={company.people['staff'].id}"
    assert as_user("viewer").get(mine).json["items"] == []
    assert as_user("technician").get(path).status_code == 403


def test_drw_07_history_needs_a_range(client: ApiClient, goods: dict[str, UUID]) -> None:
    assert client.get("/reports/drawer-history").status_code == 422
    assert client.get("/reports/drawer-history?from=2026-02-01&to=2026-01-01").status_code == 422
    assert client.get("/reports/drawer-history?from=2020-01-01&to=2026-01-01").status_code == 422
    assert client.get("/reports/drawer-history?from=yesterday&to=2026-01-01").status_code == 422


def test_drw_08_nobody_counts_with_the_amount_in_his_hand(as_user: As, busy: str) -> None:
    staff = as_user("staff")
    for answer in (staff.get(f"{busy}/x"), staff.get(busy), staff.get("/drawer-sessions/current")):
        assert "219.28" not in answer.text
    listed = staff.get("/drawer-sessions?filter[status]=open").json["items"]
    assert [row["expected_total"] for row in listed] == [None]


def test_drw_13_over_short_stays_pending_in_the_history(
    as_user: As, opened: str, ctx: CompanyContext, company: Any
) -> None:
    body = {"counted": False, "note": "Left behind", "approval": MANAGER}
    assert as_user("manager").post(f"{opened}/force-close", body).status_code == 200
    today = ctx.business_date().isoformat()
    row = as_user("manager").get(f"/reports/drawer-history?from={today}&to={today}").json["items"][0]
    assert (row["is_pending"], row["over_short"], row["forced"]) == (True, None, True)
    day = as_user("manager").get(f"/reports/drawer-day?date={today}&location_id={company.location_id}").json
    assert day["closed"]["not_counted"] == 1
