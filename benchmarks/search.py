"""Scan and search in a large catalogue: ``python benchmarks/search.py [--quick] [--json]``.

Budgets (domain-core.md §13) are for 100,000 variants: a scan within 50 ms, type-ahead within 150 ms, both at p95.
Requests run in this process, without a socket; ``--quick`` takes 10,000 variants.
"""

import argparse
import json
import logging
import random
import statistics
import time
from collections.abc import Iterator, Sequence

import psycopg
import structlog
from sqlalchemy import create_engine

from lunarfront.app import create_app
from lunarfront.kernel.runtime.testing import temporary_home
from lunarfront.kernel.runtime.urls import libpq_url
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.database import test_server

FULL, QUICK, ROUNDS = 100_000, 10_000, 40
MAKERS = "Pirastro Yamaha Fender Gibson Hidersine Thomastik Vandoren Rico Elixir Larsen Jargar Smith Dunlop".split()
THINGS = (
    "Violin Viola Cello Guitar Bass Drum Piano Flute Oboe Clarinet Saxophone Trumpet Ukulele Harp".split()
)
PARTS = (
    "string bow case strap capo tuner stand rosin reed mouthpiece pick cable pedal bench book cover".split()
)
#: Beginnings, words, words with mistakes: what people type.
TYPED = "v vi vio violin guitar smith string gutar violn fendr smth+guitar elixr+string yamaha+piano".split()


def products(count: int, category: str, dice: random.Random) -> Iterator[list[dict[str, object]]]:
    """Yield bodies of products, 500 at a time."""
    for start in range(0, count, 500):
        yield [product(number, category, dice) for number in range(start, min(start + 500, count))]


def product(number: int, category: str, dice: random.Random) -> dict[str, object]:
    """A product with a made-up name, a SKU and a barcode."""
    name = f"{dice.choice(MAKERS)} {dice.choice(THINGS)} {dice.choice(PARTS)} {number % 977}"
    variant = {"sku": f"SKU-{number:06d}", "price": "9.50", "barcodes": [{"code": f"BC{number:08d}"}]}
    return {"name": name, "brand": dice.choice(MAKERS), "category_id": category, "variants": [variant]}


def fill(client: ApiClient, count: int, dice: random.Random) -> float:
    """Load the catalogue through the API and return the seconds it took."""
    category = client.post("/categories", {"name": "All"}).json["id"]
    begun = time.perf_counter()
    for bodies in products(count, category, dice):
        answer = client.post("/products/bulk", {"products": bodies})
        if answer.status_code != 201:
            raise SystemExit(f"load failed: {answer.json}")
    return time.perf_counter() - begun


def timed(client: ApiClient, paths: Sequence[str]) -> tuple[float, float]:
    """Return median and p95 in milliseconds."""
    spent = []
    for path in paths:
        begun = time.perf_counter()
        status = client.get(path).status_code
        spent.append((time.perf_counter() - begun) * 1000)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
    return round(statistics.median(spent), 1), round(statistics.quantiles(spent, n=20)[-1], 1)


def measure(count: int) -> dict[str, object]:
    """Load, analyze, measure."""
    dice = random.Random(1)
    with temporary_home() as home, test_server(home) as server, server.clone() as urls:
        engine = create_engine(urls.app_url)
        app = create_app(server.settings, urls.app_url, bind=engine, testing=True)
        company = server.world.company
        client = ApiClient(app, company.people["admin"].token, company.terminal_id)
        loaded = fill(client, count, dice)
        with psycopg.connect(libpq_url(urls.require_owner()), autocommit=True) as owner:
            owner.execute("ANALYZE")
        scan = timed(client, [f"/lookup?code=BC{dice.randrange(count):08d}" for _ in range(10 * ROUNDS)])
        typed = timed(client, [f"/variants?q={text}" for text in TYPED * (ROUNDS // 8)])
        tiles = timed(client, ["/variants?limit=60"] * ROUNDS)
        engine.dispose()
    return {
        "variants": count,
        "load_per_second": round(count / loaded),
        "scan_median_ms": scan[0],
        "scan_p95_ms": scan[1],
        "type_ahead_median_ms": typed[0],
        "type_ahead_p95_ms": typed[1],
        "tiles_p95_ms": tiles[1],
    }


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print only the last line, which is all there is")
    parser.add_argument("--quick", action="store_true", help="10,000 variants in place of 100,000")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(json.dumps(measure(QUICK if parser.parse_args().quick else FULL)))


if __name__ == "__main__":
    main()
