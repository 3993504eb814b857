"""Use case: correct stock by hand, with a reason (INV-20, JE-16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.models import StockAdjustment
from lunarfront.domains.inventory.rules import Moved, Pool, issue, receive
from lunarfront.domains.inventory.service.items import StockItem, stock_items
from lunarfront.domains.inventory.service.stock_book import Source, StockBook, lock_stock
from lunarfront.domains.inventory.service.units import Unit, lock_units, move_unit, status_ids
from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event, Posting, credit, debit
from lunarfront.kernel import audit
from lunarfront.kernel.api.db_errors import retry_when_violated
from lunarfront.kernel.approvals import Need, approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.money import ZERO, multiply, round_to
from lunarfront.kernel.numbering import next_number
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.reasons import check_reason

retry_when_violated("stock_adjustment_company_id_client_uuid_key")

#: Reasons whose loss is no shrinkage: goods used in the store (JE-16).
LOSS_ROLES = {"own_use": "supplies"}
UNIT_LOSS = {"lost": "lost", "damaged": "damaged"}

_EXISTING_SQL = """
SELECT id, number, business_date FROM stock_adjustment WHERE company_id = %(company)s AND client_uuid = %(uuid)s
"""


@dataclass(frozen=True)
class Step:
    """One moved line: what entered or left the pool, and what a receipt trued up."""

    item: StockItem
    moved: Moved
    true_up: Decimal = ZERO


def adjust_stock(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add or take pieces (``qty``, signed), or change only the value of a pool (``value``).

    Lost pieces leave at their cost, found ones come in at the current average. A second request with the same
    ``client_uuid`` answers the first adjustment.

    Raises:
        Problem: ``reason_required``, ``quantity_invalid``, ``approval_required``, ``unit_not_available``.
    """
    _, location = ctx.require_terminal()
    existing = _existing(ctx, body.get("client_uuid"))
    if existing is not None:
        return existing
    reason = check_reason(ctx, "adjustment", body.get("reason_code"), body.get("note"))
    adjustment_id, day = uuid7(), ctx.business_date()
    items = stock_items(ctx, [line["variant_id"] for line in body["lines"]])
    book = lock_stock(ctx, location.id, items)
    units = lock_units(ctx, [line["unit_id"] for line in body["lines"] if line.get("unit_id")])
    source = Source("stock_adjustment", adjustment_id, day, reason, body.get("note"))
    steps = [_step(ctx, i, line, items, book, units, source) for i, line in enumerate(body["lines"])]
    book.write()
    approval = _approval(ctx, body, adjustment_id, steps)
    number = f"ADJ-{next_number(ctx.uow, 'stock_adjustment'):06d}"
    _write(ctx, adjustment_id, number, body, reason, approval)
    _post(ctx, adjustment_id, number, reason, steps)
    audit.record(
        ctx,
        "inventory.adjusted",
        "stock_adjustment",
        adjustment_id,
        new={
            "number": number,
            "lines": [[step.item.sku, step.moved.qty, step.moved.value] for step in steps],
        },
        reason_code=reason,
        note=body.get("note"),
        approval_id=approval,
    )
    return {
        "id": adjustment_id,
        "number": number,
        "business_date": day,
        "lines": [_line(step) for step in steps],
    }


def _existing(ctx: CompanyContext, client_uuid: UUID | None) -> dict[str, Any] | None:
    if client_uuid is None:
        return None
    rows = ctx.uow.query(_EXISTING_SQL, {"company": ctx.company.id, "uuid": client_uuid})
    return dict(rows[0]._mapping) | {"lines": []} if rows else None


def _step(
    ctx: CompanyContext,
    index: int,
    line: Mapping[str, Any],
    items: Mapping[UUID, StockItem],
    book: StockBook,
    units: Mapping[UUID, Unit],
    source: Source,
) -> Step:
    item = items[line["variant_id"]]
    pool = book.pools[item.variant_id]
    unit = units.get(line["unit_id"]) if line.get("unit_id") else None
    step = _moved(ctx, index, line, item, pool, unit)
    book.post("adjust", step.moved, source, unit.id if unit else None)
    if unit is not None:
        gained = step.moved.qty > 0
        status = "available" if gained else UNIT_LOSS.get(source.reason_code or "", "scrapped")
        move_unit(ctx, unit, status, status_ids(ctx))
    return step


def _moved(
    ctx: CompanyContext, index: int, line: Mapping[str, Any], item: StockItem, pool: Pool, unit: Unit | None
) -> Step:
    qty, value = line.get("qty"), line.get("value")
    if (qty is None) == (value is None):
        raise invalid(f"lines[{index}].qty", "quantity_invalid", "Give a quantity, or only a value.")
    if qty is None:
        return Step(item, _value_only(index, pool, value or ZERO))
    _check_quantity(index, qty, item, unit)
    if unit is not None:
        return Step(item, _unit_moved(pool, unit, qty))
    if qty < 0:
        return Step(item, issue(pool, -qty, ctx.unit, item.default_cost))
    worth = round_to(multiply(pool.unit_cost(item.default_cost), qty), ctx.unit)
    receipt = receive(pool, qty, worth, ctx.unit)
    return Step(item, receipt.moved, receipt.true_up)


def _check_quantity(index: int, qty: Decimal, item: StockItem, unit: Unit | None) -> None:
    field = f"lines[{index}].qty"
    if qty == 0 or (not item.is_divisible and qty != qty.to_integral_value()):
        raise invalid(field, "quantity_invalid", f"{item.name} is counted in whole pieces, not zero.")
    if item.is_serialized != (unit is not None):
        raise invalid(
            f"lines[{index}].unit_id", "validation_failed", "Serial numbers belong to serialized items."
        )
    if unit is not None and (abs(qty) != 1 or unit.variant_id != item.variant_id):
        raise invalid(field, "quantity_invalid", "One serial number is one piece.")
    if unit is not None and (qty < 0) != (unit.status in ("available", "reserved", "in_repair")):
        raise Problem("unit_not_available", f"Serial {unit.serial} is {unit.status}.")


def _unit_moved(pool: Pool, unit: Unit, qty: Decimal) -> Moved:
    value = unit.cost * qty
    return Moved(replace(pool, qty=pool.qty + qty, value=pool.value + value), qty, value)


def _value_only(index: int, pool: Pool, value: Decimal) -> Moved:
    if pool.qty <= 0 or pool.value + value < 0:
        raise invalid(
            f"lines[{index}].value", "quantity_invalid", "There is no stock that this value belongs to."
        )
    return Moved(replace(pool, value=pool.value + value), Decimal(0), value)


def _approval(
    ctx: CompanyContext, body: Mapping[str, Any], entity_id: UUID, steps: Sequence[Step]
) -> UUID | None:
    payload = {"lines": [[str(s.item.variant_id), str(s.moved.qty), str(s.moved.value)] for s in steps]}
    granted = approve(
        ctx,
        [Need("inventory.adjust", "Stock adjustment")],
        given_of(body),
        entity_type="stock_adjustment",
        entity_id=entity_id,
        payload=payload,
    )
    return granted.get("inventory.adjust")


def _write(
    ctx: CompanyContext,
    adjustment_id: UUID,
    number: str,
    body: Mapping[str, Any],
    reason: str,
    approval: UUID | None,
) -> None:
    _, location = ctx.require_terminal()
    ctx.uow.add(
        StockAdjustment,
        id=adjustment_id,
        number=number,
        client_uuid=body.get("client_uuid"),
        kind="adjustment",
        location_id=location.id,
        business_date=ctx.business_date(),
        reason_code=reason,
        note=body.get("note"),
        user_id=ctx.require_user().id,
        approval_id=approval,
        legacy_id=body.get("legacy_id"),
        legacy_source=body.get("legacy_source"),
    )


def _post(ctx: CompanyContext, adjustment_id: UUID, number: str, reason: str, steps: Sequence[Step]) -> None:
    _, location = ctx.require_terminal()
    if location.is_training:
        return
    loss_role = LOSS_ROLES.get(reason, "shrinkage")
    postings: list[Posting] = []
    for step in steps:
        postings.append(debit(step.item.inventory_account, step.moved.value, location.id))
        postings.append(credit(loss_role, step.moved.value + step.true_up, location.id))
        postings.append(debit(step.item.cogs_account, step.true_up, location.id))
    event = Event(
        "stock_adjusted",
        "stock_adjustment",
        adjustment_id,
        ctx.business_date(),
        tuple(postings),
        f"Adjustment {number}",
    )
    ledger.post(ctx, event)


def _line(step: Step) -> dict[str, Any]:
    pool = step.moved.pool
    return {
        "variant_id": step.item.variant_id,
        "sku": step.item.sku,
        "qty": step.moved.qty,
        "value": step.moved.value,
        "qty_after": pool.qty,
    }
