"""Lines that come back: what is known of each, its stock, its rows and its postings (RET-04, RET-09, INV-15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.rules import put_back
from lunarfront.domains.inventory.service.stock_book import Source, lock_stock
from lunarfront.domains.inventory.service.units import Unit, lock_units, move_unit, status_ids
from lunarfront.domains.sales.journal import Returned
from lunarfront.domains.sales.models import TransactionLine, TransactionLineTax
from lunarfront.domains.sales.rules.items import Item
from lunarfront.domains.sales.rules.returns import SoldTax
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO, allocate
from lunarfront.kernel.problems import Problem


@dataclass(frozen=True)
class BackLine:
    """A returned line. Amounts are positive magnitudes; ``columns`` are copies from the original or the item."""

    columns: Mapping[str, Any]
    qty: Decimal
    extended: Decimal
    override_amount: Decimal
    line_discount: Decimal
    cart_discount: Decimal
    net: Decimal
    tax: Decimal
    cost: Decimal
    taxes: tuple[SoldTax, ...]
    restock: str
    reason_code: str
    fee: Decimal = ZERO
    original_line_id: UUID | None = None
    #: What entered the pool again; set when the stock has moved.
    pool_value: Decimal = ZERO
    #: Component variants and quantities of a bundle.
    parts: tuple[tuple[Item, Decimal], ...] = ()

    @property
    def total(self) -> Decimal:
        """What the customer had paid for it."""
        return self.net + self.tax

    @property
    def payout(self) -> Decimal:
        """What goes back: the total less the restocking fee (RET-12)."""
        return self.total - self.fee

    def books(self) -> Returned:
        """Return what the journal needs of the line."""
        return Returned(
            cogs_account=self.columns["cogs_account"],
            inventory_account=self.columns["inventory_account"],
            net=self.net,
            fee=self.fee,
            taxes=tuple((tax.component_id, tax.amount) for tax in self.taxes),
            cost=self.cost,
            restock=self.restock if self.cost or self.restock == "sellable" else "none",
            pool_value=self.pool_value,
        )


def restock(ctx: CompanyContext, lines: Sequence[BackLine], source: Source) -> list[BackLine]:
    """Put sellable goods back into stock at the cost they left with, and set the state of serial numbers.

    Returns:
        The lines with the value that entered the pools.

    Raises:
        Problem: ``unit_not_available`` when a serial number is not the one sold (RET-03).
    """
    _, location = ctx.require_terminal()
    wanted = {variant for line in lines for variant, _ in _pieces(line)}
    book = lock_stock(ctx, location.id, wanted)
    units = lock_units(
        ctx, [line.columns["unit_id"] for line in lines if line.columns["unit_id"] is not None]
    )
    statuses = status_ids(ctx) if units else {}
    done = []
    for line in lines:
        value = ZERO
        for (variant_id, qty), cost in zip(_pieces(line), _piece_costs(line), strict=True):
            moved = put_back(book.pools[variant_id], qty, cost)
            book.post("return", moved, replace(source, reason_code=line.reason_code), line.columns["unit_id"])
            value += moved.value
        if line.columns["unit_id"] is not None:
            _return_unit(ctx, units[line.columns["unit_id"]], line, statuses, location.id)
        done.append(replace(line, pool_value=value))
    book.write()
    return done


def _pieces(line: BackLine) -> list[tuple[UUID, Decimal]]:
    if line.restock != "sellable":
        return []
    if line.parts:
        return [(item.variant_id, qty) for item, qty in line.parts if item.is_stocked]
    return [(line.columns["variant_id"], line.qty)] if line.columns["kind"] == "stocked" else []


def _piece_costs(line: BackLine) -> list[Decimal]:
    pieces = _pieces(line)
    if len(pieces) <= 1:
        return [line.cost] * len(pieces)
    weights = [item.price * qty or Decimal(1) for item, qty in line.parts if item.is_stocked]
    return allocate(line.cost, weights)


def _return_unit(
    ctx: CompanyContext, unit: Unit, line: BackLine, statuses: Mapping[str, UUID], location_id: UUID
) -> None:
    if unit.status != "sold":
        raise Problem("unit_not_available", f"Serial {unit.serial} is not sold ({unit.status}).")
    status = "available" if line.restock == "sellable" else "damaged"
    move_unit(ctx, unit, status, statuses, sold_transaction_id=None, location_id=location_id)


def add_back_lines(
    ctx: CompanyContext, transaction_id: UUID, lines: Sequence[BackLine], first_no: int = 1
) -> list[dict[str, Any]]:
    """Collect the rows of returned lines, negative throughout (MON-06), and return them as the answer shows them."""
    return [_add_line(ctx, transaction_id, first_no + i, line) for i, line in enumerate(lines)]


def _add_line(ctx: CompanyContext, transaction_id: UUID, line_no: int, line: BackLine) -> dict[str, Any]:
    values = dict(line.columns) | {
        "transaction_id": transaction_id,
        "line_no": line_no,
        "qty": -line.qty,
        "extended": -line.extended,
        "override_amount": -line.override_amount,
        "line_discount": -line.line_discount,
        "cart_discount": -line.cart_discount,
        "net": -line.net,
        "tax": -line.tax,
        "total": -line.total,
        "restock_fee": line.fee,
        "cost_value": -line.cost,
        "cost_provisional": False,
        "original_line_id": line.original_line_id,
        "restock": line.restock,
        "return_reason_code": line.reason_code,
    }
    line_id = ctx.uow.add(TransactionLine, **values)
    for tax in line.taxes:
        ctx.uow.add(
            TransactionLineTax,
            line_id=line_id,
            component_id=tax.component_id,
            component_name=tax.name,
            jurisdiction=tax.jurisdiction,
            rate=tax.rate,
            taxable_amount=-tax.taxable_amount,
            exempt_amount=-tax.exempt_amount,
            amount=-tax.amount,
            exemption_id=tax.exemption_id,
        )
    return values | {"id": line_id}


def back_taxes(lines: Sequence[BackLine]) -> list[dict[str, Any]]:
    """Return the document's returned tax by component, negative."""
    totals: dict[Any, dict[str, Any]] = {}
    for tax in (tax for line in lines for tax in line.taxes):
        key = (tax.component_id, tax.name, tax.rate)
        entry = totals.setdefault(
            key,
            {
                "name": tax.name,
                "jurisdiction": tax.jurisdiction,
                "rate": tax.rate,
                "taxable_amount": ZERO,
                "exempt_amount": ZERO,
                "amount": ZERO,
            },
        )
        entry["taxable_amount"] -= tax.taxable_amount
        entry["exempt_amount"] -= tax.exempt_amount
        entry["amount"] -= tax.amount
    return list(totals.values())
