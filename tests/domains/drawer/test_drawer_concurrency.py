"""Two tills, two clicks, a sale and a close at the same moment (DRW-01, DRW-06, DRW-09, OCC-02)."""

from collections import Counter
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from lunarfront.domains.drawer.models import Drawer
from lunarfront.kernel.tenancy.models import Terminal
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.goods import add_category, add_item
from lunarfront.sdk.testing.plugin import RealDb
from tests.concurrency.conftest import at_once

pytestmark = pytest.mark.realdb


@pytest.fixture
def tills(realdb: RealDb) -> list[ApiClient]:
    """Four tills that share one drawer."""
    company = realdb.world.company
    with UnitOfWork(realdb.engine, company.id) as uow:
        shared = {"location_id": company.location_id, "drawer_id": company.drawer_id}
        ids = [uow.add(Terminal, code=f"T{n}", name="Till", **shared) for n in range(2, 5)]
        uow.commit()
    token = company.people["admin"].token
    return [ApiClient(realdb.app, token, till) for till in [company.terminal_id, *ids]]


def read(realdb: RealDb, sql: str) -> list[tuple[object, ...]]:
    with UnitOfWork(realdb.engine, realdb.world.company.id) as uow:
        return [tuple(row) for row in uow.query(sql)]


def balance(realdb: RealDb, role: str) -> object:
    return read(
        realdb,
        "SELECT coalesce(sum(l.debit - l.credit), 0) FROM journal_entry_line l "
        f"JOIN account_code c ON c.id = l.account_code_id WHERE c.role = '{role}'",
    )[0][0]


def test_drw_01_two_tills_open_one_drawer_and_one_wins(realdb: RealDb, tills: list[ApiClient]) -> None:
    for opening in range(3):
        answers = at_once(
            [lambda till=till: till.post("/drawer-sessions", {"opening_float": "200.00"}) for till in tills]  # type: ignore[misc]
        )
        codes = Counter(answer.status_code for answer in answers)
        assert codes == {201: 1, 409: 3}, [answer.json for answer in answers]
        won = next(answer.json["id"] for answer in answers if answer.status_code == 201)
        tills[0].post(f"/drawer-sessions/{won}/count", {"counted_total": "200.00"})
        closed = tills[0].post(f"/drawer-sessions/{won}/close", {"left_in_drawer": "200.00"})
        assert closed.json["z_number"] == opening + 1
    assert balance(realdb, "cash_drawer") == Decimal("200.00")


def test_drw_01_one_till_opens_two_drawers_and_one_wins(realdb: RealDb, tills: list[ApiClient]) -> None:
    company = realdb.world.company
    with UnitOfWork(realdb.engine, company.id) as uow:
        drawers = [uow.add(Drawer, location_id=company.location_id, name=f"Spare {n}") for n in range(3)]
        uow.commit()

    def open_spare(drawer: UUID) -> int:
        body = {"opening_float": "1.00", "drawer_id": str(drawer)}
        return tills[0].post("/drawer-sessions", body).status_code

    assert Counter(at_once([lambda d=d: open_spare(d) for d in drawers])) == {201: 1, 409: 2}  # type: ignore[misc]


def test_drw_06_two_clicks_on_close_are_one_z(realdb: RealDb, tills: list[ApiClient]) -> None:
    path = f"/drawer-sessions/{tills[0].post('/drawer-sessions', {'opening_float': '200.00'}).json['id']}"
    tills[0].post(f"{path}/count", {"counted_total": "190.00"})
    why = {"variance_reason_code": "miscount", "variance_note": "short"}
    answers = at_once(
        [lambda: tills[0].post(f"{path}/close", {"left_in_drawer": "100.00"} | why) for _ in range(5)]
    )
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {200: 1, 409: 4}, [answer.json for answer in answers]
    assert (balance(realdb, "cash_drawer"), balance(realdb, "over_short")) == (Decimal(100), Decimal(10))
    assert tills[0].get(f"{path}/z").json["audit_head"] is not None
    assert read(realdb, "SELECT z_counter, last_left FROM drawer WHERE z_counter > 0") == [(1, Decimal(100))]


def test_drw_09_sales_while_counting_are_in_or_refused(realdb: RealDb, tills: list[ApiClient]) -> None:
    company = realdb.world.company
    with UnitOfWork(realdb.engine, company.id) as uow:
        category = add_category(uow)
        item = add_item(uow, category, "S", "0.00", kind="service", product={"tax_category": "service"})
        uow.commit()
    path = f"/drawer-sessions/{tills[0].post('/drawer-sessions', {'opening_float': '200.00'}).json['id']}"

    def sell() -> int:
        body = {
            "client_uuid": str(uuid4()),
            "lines": [{"variant_id": str(item), "qty": "1", "unit_price": "10.00"}],
            "tenders": [{"type": "cash", "tendered": "10.00"}],
            "complete": True,
        }
        return tills[0].post("/transactions", body).status_code

    def count() -> int:
        return tills[0].post(f"{path}/count", {"counted_total": "200.00"}).status_code

    codes = at_once([sell, sell, sell, count, sell, sell, sell])
    assert Counter(codes).keys() <= {200, 201, 409}
    sold = codes.count(201)
    session = tills[0].get(path).json
    assert (session["status"], session["expected_total"]) == ("counting", f"{200 + 10 * sold}.00")
    assert balance(realdb, "cash_drawer") == Decimal(200 + 10 * sold)


def test_drw_03_movements_at_once_all_count(realdb: RealDb, tills: list[ApiClient]) -> None:
    path = f"/drawer-sessions/{tills[0].post('/drawer-sessions', {'opening_float': '200.00'}).json['id']}"
    moves = [
        ("paid_in", "7.00", "change_fund"),
        ("paid_out", "2.00", "supplies"),
        ("drop", "3.00", "safe"),
    ] * 3

    def move(kind: str, amount: str, reason: str) -> int:
        body = {"kind": kind, "amount": amount, "reason_code": reason}
        return tills[0].post(f"{path}/movements", body).status_code

    assert set(at_once([lambda m=m: move(*m) for m in moves])) == {201}  # type: ignore[misc]
    assert tills[0].get(path).json["expected_total"] == "206.00"
    assert balance(realdb, "cash_drawer") == Decimal("206.00")
