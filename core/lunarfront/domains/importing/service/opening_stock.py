"""Import of opening stock: Dr inventory / Cr opening equity on the business date of the import (INV-24)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import marshmallow as ma
from sqlalchemy import select

from lunarfront.domains.catalog.models import Product, ProductVariant
from lunarfront.domains.catalog.rules import STOCKED_KINDS
from lunarfront.domains.importing.rules import SheetLine
from lunarfront.domains.importing.service.loading import load_row
from lunarfront.domains.importing.service.runs import Importer, Plan
from lunarfront.domains.inventory.models import InventoryUnit
from lunarfront.domains.inventory.service.opening import OpeningRow, receive_opening_stock
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.money import multiply, round_to
from lunarfront.kernel.tenancy.models import Location
from lunarfront.kernel.text import identifier_key

REQUIRED = ("sku", "qty", "unit_cost")
OPTIONAL = ("location", "serials")


class OpeningLine(LfSchema):
    """A row: serial numbers stand in one cell with ``|`` between them."""

    sku = f.Text(max_length=60, required=True)
    qty = f.Quantity(low="0.001", required=True)
    unit_cost = f.UnitCost(required=True)
    location = f.Text(max_length=8)
    serials = ma.fields.List(f.Text(max_length=80))


_LINE = OpeningLine()


def plan_opening_stock(ctx: CompanyContext, lines: Sequence[SheetLine]) -> Plan:
    """Check the rows of a file and say what they would bring."""
    faults = Faults()
    items, locations = _items(ctx, lines), _locations(ctx)
    rows = [_row(ctx, line, items, locations, faults.at(f"line {line.number}: ")) for line in lines]
    good = [(line, row) for line, row in zip(lines, rows, strict=True) if row is not None]
    _check_serials(ctx, good, faults)

    def write(batch_id: UUID) -> None:
        receive_opening_stock(ctx, [row for _, row in good], batch_id)

    units = sum(len(row.serials) for _, row in good)
    return Plan({"rows": len(good), "units": units}, faults, write)


def _items(ctx: CompanyContext, lines: Sequence[SheetLine]) -> Mapping[str, Any]:
    keys = {identifier_key(line.cells["sku"]) for line in lines if "sku" in line.cells}
    found = (
        select(
            ProductVariant.sku_key,
            ProductVariant.id,
            Product.kind,
            Product.is_serialized,
            Product.is_divisible,
        )
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.sku_key.in_(keys))
    )
    return {row.sku_key: row for row in ctx.uow.session.execute(found)}


def _locations(ctx: CompanyContext) -> dict[str, UUID]:
    found = select(Location.code, Location.id).where(Location.is_active)
    return {row.code.casefold(): row.id for row in ctx.uow.session.execute(found)}


def _row(
    ctx: CompanyContext,
    line: SheetLine,
    items: Mapping[str, Any],
    locations: Mapping[str, UUID],
    faults: Faults,
) -> OpeningRow | None:
    body: dict[str, Any] = dict(line.cells)
    if "serials" in body:
        body["serials"] = [serial for serial in body["serials"].split("|") if serial.strip()]
    loaded = load_row(_LINE, body, faults)
    if loaded is None:
        return None
    location_id = _location(ctx, loaded.get("location"), locations, faults)
    item = items.get(identifier_key(loaded["sku"]))
    if item is None:
        faults.add("sku", "not_found", "There is no such item.")
    if item is None or location_id is None or not _fits(ctx, loaded, item, faults):
        return None
    serials = tuple(loaded.get("serials", ()))
    return OpeningRow(item.id, location_id, loaded["qty"], loaded["unit_cost"], serials)


def _location(
    ctx: CompanyContext, code: str | None, locations: Mapping[str, UUID], faults: Faults
) -> UUID | None:
    """The named location; without a name that of the till, else the only one."""
    if code is not None:
        found = locations.get(code.casefold())
    elif ctx.location is not None:
        found = ctx.location.id
    else:
        found = next(iter(locations.values())) if len(locations) == 1 else None
    if found is None:
        faults.add("location", "not_found", "There is no such location.")
    return found


def _fits(ctx: CompanyContext, loaded: Mapping[str, Any], item: Any, faults: Faults) -> bool:
    qty: Decimal = loaded["qty"]
    serials = loaded.get("serials", ())
    before = len(faults.errors)
    if item.kind not in STOCKED_KINDS:
        faults.add("sku", "validation_failed", "This kind of item has no stock.")
    if not item.is_divisible and qty != qty.to_integral_value():
        faults.add("qty", "quantity_invalid", "This item is counted in whole pieces.")
    if len(serials) != (qty if item.is_serialized else 0):
        faults.add(
            "serials", "quantity_invalid", "One serial number for each piece of a serialized item, else none."
        )
    if round_to(multiply(qty, loaded["unit_cost"]), ctx.unit) > f.MONEY_MAX:
        faults.add("unit_cost", "money_out_of_range", "This is worth too much.")
    return len(faults.errors) == before


def _check_serials(ctx: CompanyContext, good: Sequence[tuple[SheetLine, OpeningRow]], faults: Faults) -> None:
    wanted = {identifier_key(serial) for _, row in good for serial in row.serials}
    found = select(InventoryUnit.variant_id, InventoryUnit.serial_key).where(
        InventoryUnit.serial_key.in_(wanted)
    )
    seen = {(row.variant_id, row.serial_key) for row in ctx.uow.session.execute(found)} if wanted else set()
    for line, row in good:
        for serial in row.serials:
            key = (row.variant_id, identifier_key(serial))
            if key in seen:
                faults.add(
                    f"line {line.number}: serials", "conflict", f"The serial number {serial} is here already."
                )
            seen.add(key)


OPENING_STOCK = Importer("opening_stock", REQUIRED, OPTIONAL, 5_000, plan_opening_stock)
