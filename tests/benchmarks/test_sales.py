"""The bare program writes what a sale of the product writes, and the checks after a run see what is wrong."""

import random
from datetime import UTC, datetime

import psycopg
import pytest
from rig.bare import BareSales, read_template
from rig.checks import insist_on_order
from rig.load import Round
from rig.shop import Shop, Till, make_shop
from rig.till import sale_body, sale_headers

from lunarfront.kernel.runtime.urls import libpq_url
from lunarfront.sdk.testing.plugin import RealDb

ROWS = """
SELECT (SELECT count(*) FROM transaction), (SELECT count(*) FROM journal_entry_line), (SELECT count(*) FROM audit_log)
"""
LESS_STOCK = "UPDATE stock_balance SET qty_on_hand = qty_on_hand - 1"


@pytest.fixture
def shop(realdb: RealDb) -> Shop:
    """A shop with one till."""
    return make_shop(realdb.engine, realdb.urls.app_url, 1)


def sell(realdb: RealDb, shop: Shop, till: Till) -> None:
    """One sale through the API."""
    body = sale_body(shop, random.Random(0))
    response = realdb.app.test_client().post("/api/v1/transactions", json=body, headers=sale_headers(till))
    assert response.status_code == 201, response.json


@pytest.mark.realdb
def test_the_bare_program_writes_the_rows_of_a_sale(realdb: RealDb, shop: Shop) -> None:
    admin, app = libpq_url(realdb.urls.admin_url), libpq_url(realdb.urls.app_url)
    sell(realdb, shop, shop.tills[0])
    began = datetime.now(UTC)
    sell(realdb, shop, shop.tills[0])
    template = read_template(admin, began)
    assert len(template.rows["transaction_line_item"]) == 3
    with psycopg.connect(admin) as connection:
        before = connection.execute(ROWS).fetchone()
    bare = BareSales(app, shop, [template], 0)
    bare()
    bare()
    bare.connection.close()
    with psycopg.connect(admin) as connection:
        after = connection.execute(ROWS).fetchone()
    assert before is not None
    assert after is not None
    written = [len(template.rows[name]) for name in ("transaction", "journal_entry_line", "audit_log")]
    assert [a - b for a, b in zip(after, before, strict=True)] == [2 * n for n in written]
    assert insist_on_order(admin) == 4


@pytest.mark.realdb
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (LESS_STOCK, "stock"),
        ("UPDATE terminal SET next_sequence = next_sequence + 1", "gaps"),
        ("DELETE FROM idempotency_record", "stored answer"),
    ],
)  # fmt: skip
def test_the_checks_after_a_run_see_what_is_wrong(realdb: RealDb, shop: Shop, harm: str, told: str) -> None:
    admin = libpq_url(realdb.urls.admin_url)
    sell(realdb, shop, shop.tills[0])
    assert insist_on_order(admin) == 1
    with psycopg.connect(admin) as connection:
        connection.execute(harm.encode())
    with pytest.raises(SystemExit, match=told):
        insist_on_order(admin)


def test_rate_and_quantiles_of_a_round() -> None:
    done = Round(clients=2, seconds=2.0, durations=[n / 1000 for n in range(1, 101)])
    assert done.rate == 50
    assert done.quantile(0.5) == pytest.approx(51)
    assert done.quantile(0.95) == pytest.approx(96)
