"""Several tills at once: nothing oversold, doubled, half done or left unbalanced."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

import pytest

from lunarfront.kernel.uow import UnitOfWork
from tests.concurrency.conftest import Shop, at_once

pytestmark = pytest.mark.realdb


def books_agree(shop: Shop) -> None:
    """Balances are the sum of their movements plus what they began with; every entry balances."""
    (stock,) = shop.query(
        "SELECT b.qty_on_hand, 8 + coalesce((SELECT sum(qty) FROM stock_movement), 0) AS moved FROM stock_balance b"
    )
    assert stock.qty_on_hand == stock.moved
    assert (
        shop.query("SELECT 1 FROM journal_entry_line GROUP BY entry_id HAVING sum(debit) <> sum(credit)")
        == []
    )
    numbers = [row.number for row in shop.query("SELECT number FROM transaction WHERE status = 'completed'")]
    by_till: dict[str, list[int]] = {}
    for number in numbers:
        location, till, sequence = number.split("-")
        by_till.setdefault(f"{location}-{till}", []).append(int(sequence))
    assert all(sorted(taken) == list(range(1, len(taken) + 1)) for taken in by_till.values())


def test_inv_08_eight_clients_never_oversell_the_last_pieces(shop: Shop) -> None:
    answers = at_once([lambda i=i: shop.client(i % 4).post("/transactions", shop.sale()) for i in range(12)])  # type: ignore[misc]
    assert Counter(a.status_code for a in answers) == {201: 8, 409: 4}, [a.json for a in answers]
    (stock,) = shop.query("SELECT qty_on_hand, pool_value FROM stock_balance")
    assert (stock.qty_on_hand, stock.pool_value) == (Decimal(0), Decimal(0))
    books_agree(shop)


def test_idm_01_double_click_is_one_sale(shop: Shop) -> None:
    body = shop.sale()
    answers = at_once(
        [
            lambda: shop.client().post("/transactions", body, Idempotency_Key="double-click-1")
            for _ in range(6)
        ]
    )
    done = [a for a in answers if a.status_code == 201]
    assert len({a.json["id"] for a in done}) == 1
    assert {a.json["code"] for a in answers if a.status_code != 201} <= {"request_in_progress"}
    assert shop.query("SELECT count(*) AS n FROM drawer_movement")[0].n == 1
    books_agree(shop)


def test_pos_01_bad_network_two_keys_one_uuid(shop: Shop) -> None:
    body = shop.sale()
    keys = ["network-key-one"] * 5 + ["network-key-two"] * 2
    answers = at_once(
        [lambda key=key: shop.client().post("/transactions", body, Idempotency_Key=key) for key in keys]  # type: ignore[misc]
    )
    done = {a.json["number"] for a in answers if a.status_code == 201}
    assert done == {"MAIN-T1-000001"}, [a.json for a in answers]
    counts = shop.query(
        "SELECT (SELECT count(*) FROM transaction) AS sales, (SELECT count(*) FROM drawer_movement) AS moves, "
        "(SELECT count(*) FROM journal_entry) AS entries"
    )
    assert tuple(counts[0]) == (1, 1, 1)


def test_pos_03_two_clerks_at_one_till(shop: Shop) -> None:
    answers = at_once([lambda: shop.client(0).post("/transactions", shop.sale()) for _ in range(8)])
    assert Counter(a.status_code for a in answers) == {201: 8}, [a.json for a in answers]
    books_agree(shop)


def test_ret_03_two_tills_refund_the_same_line(shop: Shop) -> None:
    sold = shop.client().post("/transactions", shop.sale("2")).json
    line = {"line_id": sold["lines"][0]["id"], "qty": "2", "reason_code": "changed_mind"}

    def refund(till: int) -> object:
        body = {"client_uuid": str(UUID(int=till + 1)), "lines": [line]}
        return shop.client(till).post(f"/transactions/{sold['id']}/refunds", body)

    answers = at_once([lambda till=till: refund(till) for till in range(4)])  # type: ignore[misc]
    assert Counter(a.status_code for a in answers) == {201: 1, 422: 3}, [a.json for a in answers]
    books_agree(shop)


def test_architecture_6_a_sale_takes_no_lock_of_the_company(shop: Shop) -> None:
    from lunarfront.domains.sales.service.register import open_register, take_number
    from lunarfront.kernel.clock import utc_now
    from lunarfront.kernel.ids import uuid7
    from lunarfront.sdk.testing.contexts import context_of

    company = shop.realdb.world.company
    with UnitOfWork(shop.realdb.engine, company.id) as uow:
        ctx = context_of(uow, company, company.people["admin"].id, utc_now())
        open_register(ctx, uuid7())
        take_number(ctx, ctx.business_date())
        locks = uow.query(
            "SELECT l.locktype, l.mode, c.relname FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation "
            "WHERE l.pid = pg_backend_pid() AND l.locktype IN ('relation', 'advisory') AND l.granted"
        )
        wide = {
            lock.relname
            for lock in locks
            if lock.mode in ("ShareLock", "ExclusiveLock", "AccessExclusiveLock")
        }
        assert wide == set()
        assert shop.client(1).post("/transactions", shop.sale()).status_code == 201
