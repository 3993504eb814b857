"""Counter sales over HTTP against a bare program: ``python benchmarks/sales.py [--quick] [--json]``.

What it measures and how is told in README.md beside it.
"""

import argparse
import json
import logging
import random
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import structlog
from rig.bare import BareSales, Template, read_template
from rig.checks import insist_on_order
from rig.load import Round, run_round
from rig.machine import Spent, machine_size, spent
from rig.server import Installation, Web, installation, note, web_server
from rig.shop import Shop, Till, make_shop
from rig.till import HttpSales, sale_body, sale_headers
from sqlalchemy import create_engine, event

from lunarfront.kernel.config import ensure_secret_key
from lunarfront.kernel.runtime.roles import create_database
from lunarfront.kernel.runtime.urls import database_of, libpq_url

CLIENTS = (1, 2, 4, 8)
GROWTH_SALES = 20_000
BARE = "bare"


def main() -> None:
    """Measure, print what was found, and one last line of JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print only the last line")
    parser.add_argument("--quick", action="store_true", help="one short round, no growth check")
    parser.add_argument("--seconds", type=float, help="length of a round")
    arguments = parser.parse_args()
    seconds = arguments.seconds or (3.0 if arguments.quick else 10.0)
    with installation() as installed:
        figures = Benchmark(
            installed, seconds, rounds=1 if arguments.quick else 3, full=not arguments.quick
        ).run()
    if not arguments.json:
        note(table(figures))
    print(json.dumps(figures))


class Benchmark:
    """The whole run on one PostgreSQL."""

    def __init__(self, installed: Installation, seconds: float, rounds: int, full: bool) -> None:
        self.installed, self.seconds, self.rounds, self.full = installed, seconds, rounds, full
        urls = installed.services.urls
        self.product_url, self.bare_url = urls.app_url, urls.on(BARE).app_url
        self.admin_url = libpq_url(urls.admin_url)

    def run(self) -> dict[str, Any]:
        """Return the figures."""
        began = machine_size()
        with self._engine() as engine:
            shop = make_shop(engine, self.product_url, max(CLIENTS))
        self.shop = shop
        self._analyze(self.installed.services.urls.admin_url)
        templates, statements = self._first_sales(shop)
        create_database(self.installed.services.urls.admin_url, BARE, database_of(self.product_url))
        self.bare = (libpq_url(self.bare_url), shop, templates)
        with web_server(self.installed) as web:
            self._warm_up(web)
            pairs = {clients: self._pairs(web, clients) for clients in CLIENTS}
            figures = self._figures(pairs) | {"statements": statements, "rows": templates[0].count}
            if self.full:
                figures["growth"] = self._growth(web)
            figures["sales_checked"] = insist_on_order(self.admin_url)
        return figures | {"machine": began, "date": datetime.now(UTC).date().isoformat()}

    def _analyze(self, *databases: str) -> None:
        """Statistics, as autovacuum makes them a minute later; plans of empty tables are forgotten."""
        for url in databases:
            with psycopg.connect(libpq_url(url), autocommit=True) as connection:
                connection.execute("ANALYZE")

    def _warm_up(self, web: Web) -> None:
        note("warming up")
        run_round(BareSales, self.bare, max(CLIENTS), self.seconds)
        run_round(HttpSales, (web.host, web.port, self.shop), max(CLIENTS), self.seconds)
        urls = self.installed.services.urls
        self._analyze(urls.admin_url, urls.on(BARE).admin_url)

    # --- preparation ------------------------------------------------------------------------------

    @contextmanager
    def _engine(self) -> Iterator[Any]:
        engine = create_engine(self.product_url)
        try:
            yield engine
        finally:
            engine.dispose()

    def _first_sales(self, shop: Shop) -> tuple[list[Template], int]:
        """Ring up sales in process: the rows of one at each till, and the statements of a warm one."""
        from lunarfront.app import create_app

        settings = replace(self.installed.settings, secret_key=ensure_secret_key(self.installed.settings))
        with self._engine() as engine:
            statements: list[str] = []
            event.listen(engine, "before_cursor_execute", lambda _c, _k, text, *_: statements.append(text))
            client = create_app(settings, self.product_url, bind=engine).test_client()
            templates = []
            for till in shop.tills:
                _sell(client, shop, till)  # the first use of a token is noted in its row
                began = datetime.now(UTC)
                _sell(client, shop, till)
                templates.append(read_template(self.admin_url, began))
            statements.clear()
            _sell(client, shop, shop.tills[0])
        return templates, len(statements)

    # --- measuring --------------------------------------------------------------------------------

    def _pairs(self, web: Web, clients: int) -> list[tuple[Round, Round, Spent]]:
        """Product and bare program in turn, so that a busy moment of the machine meets both."""
        found = []
        for number in range(self.rounds):
            limit = run_round(BareSales, self.bare, clients, self.seconds)
            before = spent(web.pid, self.installed.postmaster)
            product = run_round(HttpSales, (web.host, web.port, self.shop), clients, self.seconds)
            used = spent(web.pid, self.installed.postmaster) - before
            note(f"{clients} clients, round {number + 1}: {product.rate:.0f}/s, bare {limit.rate:.0f}/s")
            found.append((product, limit, used))
        return found

    def _growth(self, web: Web) -> dict[str, Any]:
        """What a sale costs before and after 20,000 more: processor time, which other programs disturb least."""
        before = self._pairs(web, 1)
        sold = began = insist_on_order(self.admin_url)
        while sold - began < GROWTH_SALES:
            run_round(HttpSales, (web.host, web.port, self.shop), max(CLIENTS), 30.0)
            sold = insist_on_order(self.admin_url)
            note(f"{sold} sales")
        after = self._pairs(web, 1)
        cost, later = _cpu_ms(before), _cpu_ms(after)
        return {
            "sales": sold - began,
            "p50_ms_before": _median_ms(before),
            "p50_ms_after": _median_ms(after),
            "cpu_ms_before": cost,
            "cpu_ms_after": later,
            "factor": round(sum(later.values()) / sum(cost.values()), 2),
        }

    def _figures(self, pairs: dict[int, list[tuple[Round, Round, Spent]]]) -> dict[str, Any]:
        one, most = pairs[min(CLIENTS)], pairs[max(CLIENTS)]
        rate, limit = _rate(p for p, _, _ in most), _rate(b for _, b, _ in most)
        return {
            "ratio": round(statistics.median(p.rate / b.rate for p, b, _ in most), 3),
            "rate": rate,
            "limit_rate": limit,
            "p50_ms": _median_ms(one),
            "p95_ms": round(statistics.median(p.quantile(0.95) for p, _, _ in one), 1),
            "clients": {str(clients): _summary(found) for clients, found in pairs.items()},
        }


def _sell(client: Any, shop: Shop, till: Till) -> None:
    """Sell the same goods at each till, so that only the first sale finds nothing cached."""
    body = sale_body(shop, random.Random(0))
    response = client.post("/api/v1/transactions", json=body, headers=sale_headers(till))
    if response.status_code != 201:
        raise SystemExit(f"the first sale failed: {response.status_code} {response.text[:500]}")


def _rate(rounds: Any) -> float:
    return round(statistics.median(r.rate for r in rounds), 1)


def _median_ms(pairs: list[tuple[Round, Round, Spent]]) -> float:
    return round(statistics.median(p.quantile(0.5) for p, _, _ in pairs), 1)


def _cpu_ms(pairs: list[tuple[Round, Round, Spent]]) -> dict[str, float]:
    """Processor milliseconds of one sale, in Python and in PostgreSQL; warm-up sales count on both sides."""
    from rig.load import WARM_UP

    sales = sum(len(p.durations) + WARM_UP * p.clients for p, _, _ in pairs)
    return {
        "python": round(1000 * sum(used.python for _, _, used in pairs) / sales, 2),
        "postgresql": round(1000 * sum(used.postgres for _, _, used in pairs) / sales, 2),
    }


def _summary(pairs: list[tuple[Round, Round, Spent]]) -> dict[str, Any]:
    rates = [p.rate for p, _, _ in pairs]
    return {
        "rate": _rate(p for p, _, _ in pairs),
        "range": [round(min(rates), 1), round(max(rates), 1)],
        "limit_rate": _rate(b for _, b, _ in pairs),
        "ratio": round(statistics.median(p.rate / b.rate for p, b, _ in pairs), 3),
        "p50_ms": _median_ms(pairs),
        "p95_ms": round(statistics.median(p.quantile(0.95) for p, _, _ in pairs), 1),
        "cpu_ms": _cpu_ms(pairs),
        "stolen_s": round(sum(used.stolen for _, _, used in pairs), 1),
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures as people read them."""
    rows = [
        f"{'clients':>8}{'sales/s':>9}{'bare/s':>9}{'ratio':>7}{'p50 ms':>8}{'p95 ms':>8}{'Python':>8}{'PG':>6} ms"
    ]
    for clients, found in figures["clients"].items():
        cpu = found["cpu_ms"]
        rows.append(
            f"{clients:>8}{found['rate']:>9.0f}{found['limit_rate']:>9.0f}{found['ratio']:>7.2f}"
            f"{found['p50_ms']:>8.1f}{found['p95_ms']:>8.1f}{cpu['python']:>8.2f}{cpu['postgresql']:>6.2f}"
        )
    rows.append(f"{figures['statements']} statements, {figures['rows']} rows a sale; {figures['machine']}")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
