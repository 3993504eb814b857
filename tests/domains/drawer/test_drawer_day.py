"""A drawer's day through the API: open, move, count, close."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from lunarfront.domains.drawer.models import Drawer
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from tests.domains.drawer.conftest import MANAGER, audited, entries, refund

Books = Callable[[], dict[str, Decimal]]
Sell = Callable[..., dict[str, Any]]
As = Callable[..., ApiClient]


def test_drw_05_example_w6(client: ApiClient, opened: str, sell: Sell, books: Books) -> None:
    for amount in ("64.20", "108.77", "19.99"):
        sell(amount)
    refund(client, sell("32.10", by="card"), tenders=[{"type": "cash", "amount": "32.10"}])
    moves = [
        ("paid_in", "20.00", "change_fund"),
        ("paid_out", "15.00", "supplies"),
        ("drop", "150.00", "safe"),
    ]
    for kind, amount, reason in moves:
        moved = client.post(f"{opened}/movements", {"kind": kind, "amount": amount, "reason_code": reason})
        assert moved.status_code == 201, moved.json
    pieces = {"20.00": 8, "10.00": 3, "5.00": 4, "1.00": 4, "0.25": 5, "0.10": 1, "0.01": 1}
    counted = client.post(f"{opened}/count", {"counted_total": "215.36", "denominations": pieces})
    assert counted.status_code == 200, counted.json
    assert (counted.json["expected_total"], counted.json["over_short"]) == ("215.86", "-0.50")
    closed = client.post(f"{opened}/close", {"left_in_drawer": "200.00"})
    assert closed.status_code == 200, closed.json
    answer = closed.json
    assert (answer["z_number"], answer["deposited"], answer["approval_id"]) == (1, "15.36", None)
    assert books()["over_short"] == Decimal("0.50")
    assert books()["cash_drawer"] == Decimal("200.00")


def test_drw_01_one_session_per_drawer_and_till(as_user: As, opened: str, ctx: CompanyContext) -> None:
    again = as_user("staff").post("/drawer-sessions", {"opening_float": "200.00"})
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    assert again.json["drawer_session_id"] == opened.rpartition("/")[2]
    assert ctx.location
    other = ctx.uow.add(Drawer, location_id=ctx.location.id, name="Drawer 2")
    ctx.uow.commit()
    second = as_user("staff").post("/drawer-sessions", {"opening_float": "1.00", "drawer_id": str(other)})
    assert (second.status_code, second.json["code"]) == (409, "conflict")


def test_drw_02_first_float_comes_from_the_safe(opened: str, books: Books, ctx: CompanyContext) -> None:
    assert entries(ctx, "drawer_float") == {"cash_drawer": "200.00", "cash_safe": "-200.00"}
    assert books() == {"cash_drawer": Decimal("200.00"), "cash_safe": Decimal("-200.00")}


def test_drw_02_opening_difference_is_posted_at_once(
    as_user: As, opened: str, close: Callable[..., Any], books: Books, ctx: CompanyContext
) -> None:
    close(opened, "200.00", "200.00")
    staff = as_user("staff")
    short = staff.post("/drawer-sessions", {"denominations": {"100.00": 1, "20.00": 4, "10.00": 1}})
    assert short.status_code == 201, short.json
    assert (short.json["opening_float"], short.json["opening_variance"]) == ("190.00", "-10.00")
    assert entries(ctx, "drawer_opening_variance") == {"over_short": "10.00", "cash_drawer": "-10.00"}
    assert books()["cash_drawer"] == Decimal("190.00")
    assert audited(ctx, "drawer.opened")[-1].reason_code == "opening_count"


def test_drw_02_opening_reason_is_checked(as_user: As, opened: str, close: Callable[..., Any]) -> None:
    close(opened, "200.00", "200.00")
    body = {"opening_float": "190.00", "variance_reason_code": "nonsense"}
    refused = as_user("staff").post("/drawer-sessions", body)
    assert (refused.status_code, refused.json["code"]) == (422, "reason_required")
    unexplained = body | {"variance_reason_code": "unknown"}
    assert as_user("staff").post("/drawer-sessions", unexplained).json["code"] == "note_required"
    assert as_user("staff").post("/drawer-sessions", unexplained | {"variance_note": "?"}).status_code == 201


def test_drw_02_float_brought_now_is_no_difference(
    as_user: As, opened: str, close: Callable[..., Any], books: Books
) -> None:
    close(opened, "200.00", "50.00")
    body = {"opening_float": "250.00", "from_safe": "200.00"}
    assert as_user("staff").post("/drawer-sessions", body).json["opening_variance"] == "0.00"
    assert books() == {"cash_drawer": Decimal("250.00"), "cash_safe": Decimal("-250.00")}


def test_drw_02_opening_needs_a_count(as_user: As, goods: dict[str, UUID]) -> None:
    refused = as_user("staff").post("/drawer-sessions", {})
    assert (refused.status_code, refused.json["code"]) == (422, "validation_failed")


def test_drw_04_count_must_add_up(as_user: As, opened: str) -> None:
    staff = as_user("staff")
    wrong = staff.post(f"{opened}/count", {"counted_total": "200.00", "denominations": {"20.00": 9}})
    assert (wrong.status_code, wrong.json["code"]) == (422, "denominations_mismatch")
    for pieces in ({"3.00": 1}, {"20.00": -1}, {"20.00": 1.5}, {"20.00": "8"}):
        assert staff.post(f"{opened}/count", {"denominations": pieces}).status_code == 422, pieces
    assert staff.get(opened).json["status"] == "open"


def test_drw_08_blind_until_counted(as_user: As, opened: str, sell: Sell) -> None:
    sell("64.20")
    staff, manager = as_user("staff"), as_user("manager")
    assert staff.get(opened).json["expected_total"] is None
    hidden = staff.get(f"{opened}/x").json
    assert (hidden["cash"]["expected"], hidden["cash"]["sales"]) == (None, None)
    assert hidden["totals"]["tenders"] == [{"type": "cash", "count": 1, "amount": None}]
    assert manager.get(opened).json["expected_total"] == "264.20"
    assert manager.get(f"{opened}/x").json["cash"]["expected"] == "264.20"
    counted = staff.post(f"{opened}/count", {"counted_total": "260.00"}).json
    assert (counted["expected_total"], counted["over_short"]) == ("264.20", "-4.20")
    assert staff.get(f"{opened}/x").json["cash"]["expected"] == "264.20"


def test_drw_08_open_count_when_the_company_wants_it(as_user: As, opened: str, ctx: CompanyContext) -> None:
    ctx.uow.execute("UPDATE company SET settings = settings || '{\"drawer_blind_close\": false}'")
    ctx.uow.commit()
    assert as_user("staff").get(opened).json["expected_total"] == "200.00"


def test_drw_08_one_recount_and_both_are_kept(as_user: As, opened: str, ctx: CompanyContext) -> None:
    staff = as_user("staff")
    first = staff.post(f"{opened}/count", {"counted_total": "180.00"}).json
    assert (first["count_tries"], first["recounts_left"]) == (1, 1)
    second = staff.post(f"{opened}/count", {"counted_total": "199.00"}).json
    assert (second["first_count"], second["counted_total"], second["recounts_left"]) == (
        "180.00",
        "199.00",
        0,
    )
    third = staff.post(f"{opened}/count", {"counted_total": "200.00"})
    assert (third.status_code, third.json["code"]) == (409, "conflict")
    assert [row.new["counted"] for row in audited(ctx, "drawer.counted")] == ["180.00", "199.00"]
    closed = staff.post(f"{opened}/close", {"left_in_drawer": "199.00"}).json
    assert (closed["first_count"], closed["over_short"]) == ("180.00", "-1.00")


def test_drw_08_count_given_up_is_audited(as_user: As, opened: str, sell: Sell, ctx: CompanyContext) -> None:
    staff = as_user("staff")
    assert staff.post(f"{opened}/resume").json["code"] == "invalid_transition"
    staff.post(f"{opened}/count", {"counted_total": "150.00"})
    moved = staff.post(f"{opened}/movements", {"kind": "drop", "amount": "5.00", "reason_code": "safe"})
    assert (moved.status_code, moved.json["code"], moved.json["state"]) == (
        409,
        "invalid_transition",
        "counting",
    )
    resumed = staff.post(f"{opened}/resume").json
    assert (resumed["status"], resumed["counted_total"], resumed["expected_total"]) == ("open", None, None)
    sell("10.00")
    assert audited(ctx, "drawer.count_abandoned")[0].old["counted_total"] == "150.00"


def test_drw_07_acceptance_8_short_drawer(
    as_user: As, opened: str, books: Books, ctx: CompanyContext
) -> None:
    staff = as_user("staff")
    staff.post(f"{opened}/count", {"counted_total": "188.00"})
    body: dict[str, Any] = {"left_in_drawer": "188.00"}
    assert staff.post(f"{opened}/close", body).json["code"] == "reason_required"
    body |= {"variance_reason_code": "miscount"}
    assert staff.post(f"{opened}/close", body).json["code"] == "note_required"
    body |= {"variance_note": "Counted twice with Maria"}
    asked = staff.post(f"{opened}/close", body)
    assert (asked.status_code, asked.json["code"]) == (409, "approval_required")
    needed = [asked.json[name] for name in ("permission", "limit", "actual")]
    assert needed == ["drawer.variance.approve", "5.00", "12.00"]
    own = staff.post(f"{opened}/close", body | {"approval": MANAGER | {"user": "0003"}})
    assert own.status_code == 403
    closed = staff.post(f"{opened}/close", body | {"approval": MANAGER})
    assert closed.status_code == 200, closed.json
    assert books()["over_short"] == Decimal("12.00")
    today = ctx.business_date().isoformat()
    history = as_user("manager").get(f"/reports/drawer-history?from={today}&to={today}").json["items"]
    assert [(row["user_name"], row["approved_by_name"], row["over_short"]) for row in history] == [
        ("Staff A", "Manager A", "-12.00")
    ]
    assert history[0]["variance_note"] == "Counted twice with Maria"


def test_drw_07_difference_up_to_the_limit_needs_nobody(
    as_user: As, opened: str, ctx: CompanyContext
) -> None:
    as_user("staff").post(f"{opened}/count", {"counted_total": "205.00"})
    closed = as_user("staff").post(f"{opened}/close", {"left_in_drawer": "205.00"})
    assert (closed.status_code, closed.json["over_short"]) == (200, "5.00")
    assert entries(ctx, "drawer_variance") == {"cash_drawer": "5.00", "over_short": "-5.00"}


def test_drw_09_close_waits_for_money_on_a_cart(
    as_user: As, client: ApiClient, opened: str, goods: dict[str, UUID]
) -> None:
    def cart(**more: Any) -> str:
        body = {"client_uuid": str(uuid4()), "lines": [{"variant_id": str(goods["A"]), "qty": "1"}]} | more
        return str(client.post("/transactions", body).json["id"])

    paid = cart(tenders=[{"type": "card", "amount": "5.00", "reference": "slip 7"}])
    empty = cart()
    client.post(f"{opened}/count", {"counted_total": "200.00"})
    refused = client.post(f"{opened}/close", {"left_in_drawer": "200.00"})
    assert (refused.status_code, refused.json["transaction_ids"]) == (409, [paid])
    assert client.get(f"/transactions/{empty}").json["status"] == "pending"
    voided = client.post(f"/transactions/{paid}/void", {"reason_code": "mistake"})
    assert voided.status_code == 200, voided.json
    assert client.post(f"{opened}/close", {"left_in_drawer": "200.00"}).status_code == 200
    assert client.get(f"/transactions/{empty}").json["status"] == "held"


def test_drw_10_a_closed_drawer_stays_closed(
    as_user: As, client: ApiClient, opened: str, close: Callable[..., Any], sell: Sell
) -> None:
    close(opened, "200.00", "200.00")
    drop = {"kind": "drop", "amount": "5.00", "reason_code": "safe"}
    assert client.post(f"{opened}/movements", drop).json["code"] == "drawer_not_open"
    for path in ("count", "close"):
        body = {"counted_total": "1.00"} if path == "count" else {}
        assert client.post(f"{opened}/{path}", body).json["code"] == "invalid_transition"
    assert client.post(f"{opened}/resume").json["code"] == "invalid_transition"
    assert client.get("/drawer-sessions/current").status_code == 404
    assert as_user("staff").post("/drawer-sessions", {"opening_float": "200.00"}).status_code == 201
    sell("3.00")
    assert client.get("/drawer-sessions/current").json["expected_total"] == "203.00"


def test_drw_11_what_stays_and_what_drops_is_what_was_counted(
    as_user: As, client: ApiClient, opened: str, sell: Sell, ctx: CompanyContext, books: Books
) -> None:
    sell("64.20")
    client.post(f"{opened}/count", {"counted_total": "264.20"})
    too_much = client.post(f"{opened}/close", {"left_in_drawer": "264.21"})
    assert (too_much.status_code, too_much.json["errors"][0]["field"]) == (422, "left_in_drawer")
    closed = client.post(f"{opened}/close", {"left_in_drawer": "200.00"}).json
    assert (closed["left_in_drawer"], closed["deposited"]) == ("200.00", "64.20")
    assert entries(ctx, "drawer_close_drop") == {"cash_safe": "64.20", "cash_drawer": "-64.20"}
    assert books()["cash_drawer"] == Decimal("200.00")


def test_drw_11_what_stays_defaults_to_the_drawers_float(
    client: ApiClient, opened: str, ctx: CompanyContext
) -> None:
    ctx.uow.execute("UPDATE drawer SET default_float = 150.00")
    ctx.uow.commit()
    client.post(f"{opened}/count", {"counted_total": "200.00"})
    assert client.post(f"{opened}/close", {}).json["left_in_drawer"] == "150.00"


def test_drw_12_open_over_a_day_warns(client: ApiClient, opened: str, clock: Any) -> None:
    assert client.get("/drawer-sessions/current").json["warnings"] == []
    clock.forward(hours=25)
    warnings = client.get("/drawer-sessions/current").json["warnings"]
    assert warnings == ["open_over_24_hours", "business_date_changed"]
    assert client.get("/drawer-sessions?filter[status]=open").json["items"][0]["warnings"] == warnings


def test_drw_13_left_behind_and_not_counted(
    as_user: As, client: ApiClient, opened: str, sell: Sell, books: Books
) -> None:
    sell("64.20")
    body = {"counted": False, "note": "Cashier went home"}
    assert as_user("staff").post(f"{opened}/force-close", body).status_code == 403
    manager = as_user("manager", terminal=False)
    forced = manager.post(f"{opened}/force-close", body)
    assert forced.status_code == 200, forced.json
    answer = forced.json
    assert (answer["forced"], answer["not_counted"], answer["over_short"]) == (True, True, None)
    assert (answer["left_in_drawer"], answer["z_number"]) == ("264.20", 1)
    assert client.get(f"{opened}/z").json["not_counted"] is True
    reopened = as_user("staff").post("/drawer-sessions", {"opening_float": "260.00"}).json
    assert reopened["opening_variance"] == "-4.20"
    assert books()["over_short"] == Decimal("4.20")


def test_drw_13_left_behind_and_counted_by_two(as_user: As, opened: str, company: Any) -> None:
    manager = as_user("manager")
    body: dict[str, Any] = {
        "counted": True,
        "counted_total": "199.00",
        "left_in_drawer": "199.00",
        "note": "Left open",
    }
    assert manager.post(f"{opened}/force-close", body).json["errors"][0]["field"] == "counted_with_id"
    alone = body | {"counted_with_id": str(company.people["manager"].id)}
    assert manager.post(f"{opened}/force-close", alone).status_code == 422
    assert manager.post(f"{opened}/force-close", body | {"counted": False}).status_code == 422
    both = manager.post(f"{opened}/force-close", body | {"counted_with_id": str(company.people["staff"].id)})
    assert both.status_code == 200, both.json
    assert (both.json["over_short"], both.json["not_counted"]) == ("-1.00", False)


def test_gen_07_mobile_locations_have_their_own_cash_account(
    as_user: As, goods: dict[str, UUID], ctx: CompanyContext, books: Books
) -> None:
    ctx.uow.execute("UPDATE location SET is_mobile = true")
    ctx.uow.commit()
    assert as_user("staff").post("/drawer-sessions", {"opening_float": "80.00"}).status_code == 201
    assert books() == {"cash_drawer_mobile": Decimal("80.00"), "cash_safe": Decimal("-80.00")}


def test_pos_25_training_posts_nothing(
    as_user: As, client: ApiClient, goods: dict[str, UUID], ctx: CompanyContext, books: Books
) -> None:
    ctx.uow.execute("UPDATE location SET is_training = true")
    ctx.uow.commit()
    opened = as_user("staff").post("/drawer-sessions", {"opening_float": "80.00"}).json
    path = f"/drawer-sessions/{opened['id']}"
    client.post(f"{path}/movements", {"kind": "drop", "amount": "30.00", "reason_code": "safe"})
    client.post(f"{path}/count", {"counted_total": "49.00"})
    assert client.post(f"{path}/close", {}).json["over_short"] == "-1.00"
    assert books() == {}


def test_aud_01_every_act_leaves_a_row(
    client: ApiClient, opened: str, close: Callable[..., Any], ctx: CompanyContext
) -> None:
    client.post(
        f"{opened}/movements", {"kind": "drop", "amount": "50.00", "reason_code": "safe", "note": "bag 4"}
    )
    close(opened, "150.00", "100.00")
    actions = ["drawer.opened", "drawer.drop", "drawer.counted", "drawer.closed"]
    rows = {action: audited(ctx, action) for action in actions}
    assert all(len(found) == 1 for found in rows.values())
    assert (rows["drawer.drop"][0].reason_code, rows["drawer.drop"][0].note) == ("safe", "bag 4")
    assert rows["drawer.closed"][0].new["z_number"] == 1
