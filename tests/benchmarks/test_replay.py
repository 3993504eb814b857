"""The replay of a made-up month through a real server: to the penny, and nothing the second time."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from replay_online_retail import replay
from retail.rows import read_rows
from retail.sample import Month
from werkzeug.serving import make_server

from lunarfront.kernel.core import Core
from lunarfront.sdk.testing.plugin import RealDb

MONTH = Month(sales=25, longest=60).content()
COUNTS = """
SELECT (SELECT count(*) FROM transaction), (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM stock_movement),
       (SELECT count(*) FROM product_variant), (SELECT count(*) FROM account), (SELECT count(*) FROM terminal),
       (SELECT count(*) FROM drawer_session), (SELECT count(*) FROM company), (SELECT count(*) FROM stock_adjustment)
"""


@pytest.fixture
def address(realdb: RealDb) -> Iterator[str]:
    """A threaded server where companies may be opened."""
    core: Core = realdb.app.extensions["lunarfront"]
    core.settings = replace(core.settings, open_companies=True)
    server = make_server("127.0.0.1", 0, realdb.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.realdb
@pytest.mark.slow
def test_a_month_is_rung_up_to_the_penny_and_a_second_run_changes_nothing(
    address: str, realdb: RealDb
) -> None:
    token = realdb.world.company.people["admin"].token
    first = replay(MONTH, address, token, 3, "month.csv")
    rows, faults = read_rows(MONTH)
    total = sum(row.amount for row in rows) + sum(fault.amount for fault in faults)
    assert Decimal(first["net"]) + sum(Decimal(x["amount"]) for x in first["exceptions"]) == total
    assert first["lines"] == MONTH.count(b"\n") - 1
    assert (first["trial_balance_difference"], first["refunds"], first["adjustments"]) == ("0.00", 7, 2)
    assert {x["reason"][:3].isdigit() for x in first["exceptions"]} == {False}, "the API refused a line"
    before = counts(realdb)
    second = replay(MONTH, address, token, 2, "month.csv")
    assert counts(realdb) == before
    timing = {"median_ms", "slowest_ms", "sales_per_second"}
    assert {k: v for k, v in second.items() if k not in timing} == {
        k: v for k, v in first.items() if k not in timing
    }


def counts(realdb: RealDb) -> tuple[int, ...]:
    """Rows of all companies, read as the administrator of the database."""
    import psycopg

    from lunarfront.kernel.runtime.urls import libpq_url

    with psycopg.connect(libpq_url(realdb.urls.admin_url)) as connection:
        found = connection.execute(COUNTS).fetchone()
    assert found is not None
    return found
