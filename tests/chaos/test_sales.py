"""Promise 2 for money: an acknowledged sale exists once and whole, whatever is killed with -9 (SEC-70, SEC-71)."""

import random
from collections import Counter

import pytest

from lunarfront.cli.checks import CHECKS
from lunarfront.kernel.runtime.testing import temporary_home
from lunarfront.kernel.seals import verify_company
from tests.chaos.selling import Shop, running_shop

pytestmark = pytest.mark.chaos
SEED = 20261124
VICTIMS = ["web", "web process", "postgresql", "backend", "dispatcher", "valkey"]
#: Rows of each sale: how many of them, and the sale that each belongs to.
PARTS = {
    "lines": (3, "SELECT transaction_id FROM transaction_line_item"),
    "taxes": (
        3,
        "SELECT i.transaction_id FROM transaction_line_tax x JOIN transaction_line_item i ON i.id = x.line_id",
    ),
    "tenders": (1, "SELECT transaction_id FROM tender WHERE status = 'captured'"),
    "drawer": (1, "SELECT t.transaction_id FROM drawer_movement m JOIN tender t ON t.id = m.tender_id"),
    "stock": (3, "SELECT source_id FROM stock_movement WHERE source_type = 'transaction'"),
    "event": (1, "SELECT source_id FROM financial_event WHERE source_type = 'transaction'"),
    "entry": (1, "SELECT event_id FROM journal_entry WHERE event_type = 'sale_completed'"),
    "audit": (1, "SELECT entity_id FROM audit_log WHERE action = 'pos.sale.completed'"),
}
NUMBERS = """
SELECT p.code, p.next_sequence, array_agg(right(t.number, 6)::int ORDER BY t.number) AS taken
FROM terminal p JOIN transaction t ON t.terminal_id = p.id GROUP BY p.code, p.next_sequence
"""


def acknowledged_exist_once(shop: Shop) -> None:
    with shop.core.unit_of_work(shop.company_id) as uow:
        kept = {
            row.client_uuid: row
            for row in uow.query("SELECT id, client_uuid, number, total, status FROM transaction")
        }
    assert {row.status for row in kept.values()} == {"completed"}
    assert set(kept) <= shop.asked
    for told in shop.answers:
        row = kept[told.client_uuid]
        assert (row.id, row.number, row.total) == (told.id, told.number, told.total)


def no_sale_is_half_done(shop: Shop) -> None:
    with shop.core.unit_of_work(shop.company_id) as uow:
        sales = [row.id for row in uow.query("SELECT id FROM transaction")]
        for name, (count, statement) in PARTS.items():
            found = Counter(row[0] for row in uow.query(statement))
            assert found == Counter(dict.fromkeys(sales, count)), name


def numbers_have_no_gap(shop: Shop) -> None:
    with shop.core.unit_of_work(shop.company_id) as uow:
        for till in uow.query(NUMBERS):
            assert till.taken == list(range(1, till.next_sequence)), till.code


def books_are_in_order(shop: Shop) -> None:
    with shop.core.unit_of_work(shop.company_id) as uow:
        for name, statement in CHECKS.items():
            assert uow.query(statement, {"company": shop.company_id}) == [], name
    verified = verify_company(shop.core, shop.company_id)
    assert [item.summary for item in verified if not item.ok] == []
    with shop.core.unit_of_work(shop.company_id) as uow:
        entries = uow.query("SELECT count(*) AS n FROM journal_entry")[0].n
        sealed = [row.number for row in uow.query("SELECT number FROM journal_seal ORDER BY number")]
    assert sealed == list(range(1, entries + 1))


def test_sec_70_acknowledged_sales_exist_once_and_whole() -> None:
    chance = random.Random(SEED)
    victims = chance.sample(VICTIMS, len(VICTIMS))
    with temporary_home() as home, running_shop(home) as shop:
        with shop.open():
            for victim in victims:
                assert shop.sells_again(chance.randint(3, 20)), victim
                shop.kill_any(victim)
            assert shop.sells_again(20)
        shop.engine.dispose()
        assert shop.strange == []
        assert shop.lost > 0, "nothing was in flight when it was killed: the proof proves nothing"
        acknowledged_exist_once(shop)
        no_sale_is_half_done(shop)
        numbers_have_no_gap(shop)
        books_are_in_order(shop)
