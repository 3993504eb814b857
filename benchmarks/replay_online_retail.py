"""A real shop's month through the public API: ``replay_online_retail.py FILE --url URL --token TOKEN --json``.

The file is a month of the Online Retail data set (UCI Machine Learning Repository, D. Chen, CC BY 4.0); README.md
beside this program tells how each line is represented.
"""

import argparse
import json
import statistics
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from retail.api import Api, Refused
from retail.bodies import Bodies
from retail.catalogue import customers_of, items_of
from retail.plan import plan_of
from retail.ringing import Tally, ring_up
from retail.rows import money, read_rows
from retail.shop import open_shop

ATTRIBUTION = "Online Retail data set, UCI Machine Learning Repository (D. Chen), CC BY 4.0"


def main() -> int:
    """Replay a file and print one last line of JSON; return the exit code."""
    arguments = _arguments()
    try:
        figures = _made_up(arguments) if arguments.file is None else _of_file(arguments)
    except (OSError, Refused) as error:
        sys.stderr.write(f"The replay cannot start: {error}\n")
        return 1
    if not arguments.json and arguments.file:
        sys.stderr.write(f"{ATTRIBUTION}\n")
    print(json.dumps(figures))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", help="CSV of the data set, plain or gzipped")
    parser.add_argument("--url", help="address of LunarFront")
    parser.add_argument("--token", help="API token of an administrator")
    parser.add_argument("--clients", type=int, default=1, help="tills that ring up at once [1]")
    parser.add_argument("--json", action="store_true", help="print only the last line")
    parser.add_argument("--quick", action="store_true", help="without a file: a shorter made-up month")
    arguments = parser.parse_args()
    if arguments.file and not (arguments.url and arguments.token):
        parser.error("a file needs --url and --token")
    return arguments


def _of_file(arguments: argparse.Namespace) -> dict[str, Any]:
    content, name = arguments.file.read_bytes(), arguments.file.name
    return replay(content, arguments.url, arguments.token, max(1, arguments.clients), name)


def _made_up(arguments: argparse.Namespace) -> dict[str, Any]:
    """Without a file: a made-up month on a server started for it."""
    from retail.sample import Month
    from rig.server import installation, web_server

    from lunarfront.sdk.testing.world import make_world

    month = Month(sales=100 if arguments.quick else 1000, longest=1150)
    with installation() as installed:
        token = make_world(installed.services.urls.app_url).company.people["admin"].token
        with web_server(installed, LUNARFRONT_OPEN_COMPANIES="1") as web:
            return replay(month.content(), web.url, token, max(1, arguments.clients), "made-up month")


def replay(content: bytes, url: str, token: str, clients: int, name: str) -> dict[str, Any]:
    """Open the file's company, ring up what is not rung up yet, and return the figures."""
    rows, faults = read_rows(content)
    items, customers = items_of(rows), customers_of(rows)
    tasks, unplanned = plan_of(rows)
    shop = open_shop(url, token, content, _company_name(name), items, customers, clients)
    tally = Tally(faults=faults + unplanned)
    ring_up(tasks, Bodies(shop, items), tally)
    invoices = {row.invoice for row in rows} | {fault.invoice for fault in faults}
    counts = {"invoices": len(invoices), "lines": len(rows) + len(faults)}
    return counts | _figures(tally) | _books(shop.office) | _speed(tally) | _exceptions(tally)


def _company_name(name: str) -> str:
    return f"Replay of {name.removesuffix('.gz').removesuffix('.csv')}"[:120]


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "refunds": tally.refunds,
        "adjustments": tally.adjustments,
        "sales_total": money(tally.sales_total),
        "refunds_total": money(tally.refunds_total),
        "net": money(tally.sales_total - tally.refunds_total),
    }


def _books(office: Api) -> dict[str, Any]:
    balance = office.get("/accounting/trial-balance")
    debit, credit = Decimal(balance["total_debits"]), Decimal(balance["total_credits"])
    return {
        "ledger_debits": money(debit),
        "ledger_credits": money(credit),
        "trial_balance_difference": money(debit - credit),
    }


def _speed(tally: Tally) -> dict[str, Any]:
    times = tally.seconds or [0.0]
    return {
        "median_ms": round(1000 * statistics.median(times), 1),
        "slowest_ms": round(1000 * max(times), 1),
        "sales_per_second": round(tally.sales / tally.elapsed, 1) if tally.elapsed else 0.0,
    }


def _exceptions(tally: Tally) -> dict[str, Any]:
    return {"exceptions": [fault.as_dict() for fault in sorted(tally.faults, key=lambda f: f.line)]}


if __name__ == "__main__":
    sys.exit(main())
