"""Opening stock and reorder points of the demo store, received and posted by the service of INV-24."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from lunarfront.builtin.demo.source import products, units
from lunarfront.domains.importing.models import ImportBatch
from lunarfront.domains.inventory.models import StockBalance
from lunarfront.domains.inventory.service.opening import OpeningRow, receive_opening_stock
from lunarfront.kernel.context import CompanyContext

#: The columns of products.csv that hold quantities, by location code.
PLACES = {"MAIN": "main", "NORTH": "north"}


def load_stock(ctx: CompanyContext, variants: Mapping[str, str], locations: Mapping[str, UUID]) -> None:
    """Write reorder points, then receive everything that is on the shelves today.

    Args:
        ctx: the context of the user who takes the stock in.
        variants: SKU to variant id.
        locations: location code to id.
    """
    for place, row in _places():
        if row["reorder_point"]:
            ctx.uow.add(
                StockBalance,
                variant_id=variants[row["sku"]],
                location_id=locations[place],
                reorder_point=row["reorder_point"],
                reorder_to=row["reorder_to"],
            )
    rows = list(_opening_rows(variants, locations))
    batch_id = ctx.uow.add(
        ImportBatch,
        kind="opening_stock",
        file_name="products.csv",
        sha256=sha256(repr(rows).encode()).hexdigest(),
        row_count=len(rows),
        result={},
        user_id=ctx.require_user().id,
    )
    ctx.uow.flush()
    receive_opening_stock(ctx, rows, batch_id)


def _places() -> Iterator[tuple[str, Mapping[str, str]]]:
    yield from ((place, row) for row in products() if row["kind"] == "stocked" for place in PLACES)


def _opening_rows(variants: Mapping[str, str], locations: Mapping[str, UUID]) -> Iterator[OpeningRow]:
    serials = defaultdict(list)
    for unit in units():
        serials[unit["sku"], unit["location"]].append(unit["serial"])
    for place, row in _places():
        qty = Decimal(row[PLACES[place]])
        if qty:
            yield OpeningRow(
                UUID(variants[row["sku"]]),
                locations[place],
                qty,
                Decimal(row["cost"]),
                tuple(serials[row["sku"], place]),
            )
