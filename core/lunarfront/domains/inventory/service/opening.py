"""Use case: take opening stock in, at cost, against opening equity (INV-24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from lunarfront.domains.inventory.models import InventoryUnit
from lunarfront.domains.inventory.rules import Moved, receive
from lunarfront.domains.inventory.service.items import StockItem, stock_items
from lunarfront.domains.inventory.service.stock_book import Source, StockBook, lock_stock
from lunarfront.domains.inventory.service.units import status_ids
from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event, Posting, credit, debit
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import multiply, round_to
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.text import identifier_key


@dataclass(frozen=True)
class OpeningRow:
    """Pieces of one variant at one location: ``unit_cost`` in company currency; serials for serialized variants."""

    variant_id: UUID
    location_id: UUID
    qty: Decimal
    unit_cost: Decimal
    serials: tuple[str, ...] = ()


def receive_opening_stock(ctx: CompanyContext, rows: Sequence[OpeningRow], source_id: UUID) -> UUID | None:
    """Receive opening stock on today's business date and post it once: Dr inventory / Cr opening equity.

    Args:
        ctx: the context; all rows go into its unit of work.
        rows: what is on the shelf.
        source_id: the import (or other act) that the movements and the entry come from.

    Returns:
        The journal entry's id, None when everything is worth nothing.

    Raises:
        Problem: ``not_found``, ``quantity_invalid`` when serials and quantity do not match.
    """
    items = stock_items(ctx, (row.variant_id for row in rows))
    source = Source("opening_stock", source_id, ctx.business_date())
    postings: list[Posting] = []
    for location_id in dict.fromkeys(row.location_id for row in rows):
        here = [row for row in rows if row.location_id == location_id]
        book = lock_stock(ctx, location_id, (row.variant_id for row in here))
        for row in here:
            postings += _receive(ctx, book, row, items[row.variant_id], source)
        book.write()
    audit.record(ctx, "inventory.opening_stock", "import_batch", source_id, new={"rows": len(rows)})
    event = Event(
        "opening_stock", "import_batch", source_id, source.business_date, tuple(postings), "Opening stock"
    )
    return ledger.post(ctx, event)


def _receive(
    ctx: CompanyContext, book: StockBook, row: OpeningRow, item: StockItem, source: Source
) -> list[Posting]:
    if row.qty <= 0 or (item.is_serialized and len(row.serials) != row.qty):
        raise Problem("quantity_invalid", f"{item.sku}: quantity and serial numbers do not match.")
    value = round_to(multiply(row.qty, row.unit_cost), ctx.unit)
    if item.is_serialized:
        value = _receive_units(ctx, book, row, source)
        return _postings(row.location_id, item, value, Decimal(0))
    receipt = receive(book.pools[item.variant_id], row.qty, value, ctx.unit)
    book.post("receive", receipt.moved, source)
    return _postings(row.location_id, item, value, receipt.true_up)


def _receive_units(ctx: CompanyContext, book: StockBook, row: OpeningRow, source: Source) -> Decimal:
    cost = round_to(row.unit_cost, ctx.unit)
    statuses, condition = status_ids(ctx), _new_condition(ctx)
    for serial in row.serials:
        unit_id = ctx.uow.add(InventoryUnit, **_unit(row, serial, cost, statuses, condition, source))
        pool = book.pools[row.variant_id]
        after = replace(pool, qty=pool.qty + 1, value=pool.value + cost)
        book.post("receive", Moved(after, Decimal(1), cost), source, unit_id)
    return cost * len(row.serials)


def _unit(
    row: OpeningRow, serial: str, cost: Decimal, statuses: Mapping[str, UUID], condition: UUID, source: Source
) -> dict[str, object]:
    return {
        "variant_id": row.variant_id,
        "location_id": row.location_id,
        "serial": serial,
        "serial_key": identifier_key(serial),
        "status_id": statuses["available"],
        "condition_id": condition,
        "cost": cost,
        "acquired_on": source.business_date,
    }


def _new_condition(ctx: CompanyContext) -> UUID:
    sql = "SELECT id FROM item_condition WHERE company_id = %(company)s AND slug = 'new'"
    found: UUID = ctx.uow.query(sql, {"company": ctx.company.id})[0].id
    return found


def _postings(location_id: UUID, item: StockItem, value: Decimal, true_up: Decimal) -> list[Posting]:
    return [
        debit(item.inventory_account, value - true_up, location_id),
        debit(item.cogs_account, true_up, location_id),
        credit("opening_equity", value, location_id),
    ]
