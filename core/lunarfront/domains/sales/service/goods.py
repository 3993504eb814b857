"""Goods of a sale: locked, issued at cost, serial numbers sold (INV-07 to INV-11, INV-13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from lunarfront.domains.inventory.rules import Moved, Pool, issue
from lunarfront.domains.inventory.service.stock_book import Source, StockBook, lock_stock
from lunarfront.domains.inventory.service.units import Unit, check_sellable, lock_units, move_unit, status_ids
from lunarfront.domains.sales.rules.items import CartLine, Item
from lunarfront.kernel.approvals import Need
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem


@dataclass(frozen=True)
class Demand:
    """What one line takes of one stocked variant."""

    line: int
    item: Item
    qty: Decimal
    unit_id: UUID | None
    kind: str


@dataclass
class Goods:
    """Locked stock and units of a sale, and what each line costs once they are issued."""

    book: StockBook
    units: Mapping[UUID, Unit]
    demands: Sequence[Demand]

    def issue(self, ctx: CompanyContext, source: Source, lines: int) -> "Issued":
        """Collect the movements of all demands.

        Raises:
            Problem: ``unit_not_available``; ``conflict`` when selling below zero is blocked.
        """
        costs, provisional, oversold = [ZERO] * lines, [False] * lines, []
        statuses = status_ids(ctx) if self.units else {}
        for demand in self.demands:
            pool = self.book.pools[demand.item.variant_id]
            moved = self._take(ctx, demand, pool)
            self.book.post(demand.kind, moved, source, demand.unit_id)
            costs[demand.line] -= moved.value
            provisional[demand.line] |= moved.provisional
            if moved.pool.qty < moved.pool.reserved and demand.unit_id is None:
                oversold.append(demand.item.name)
            if demand.unit_id is not None:
                move_unit(ctx, self.units[demand.unit_id], "sold", statuses, sold_transaction_id=source.id)
        self.book.write()
        return Issued(costs, provisional, tuple(dict.fromkeys(oversold)))

    def _take(self, ctx: CompanyContext, demand: Demand, pool: Pool) -> Moved:
        if demand.unit_id is None:
            return issue(pool, demand.qty, ctx.unit, demand.item.default_cost)
        unit = self.units[demand.unit_id]
        check_sellable(unit, demand.item.variant_id, self.book.location_id)
        return issue_unit(pool, unit.cost)


def issue_unit(pool: Pool, cost: Decimal) -> Moved:
    """Take one serialized unit out at its own cost (INV-10)."""
    after = replace(pool, qty=pool.qty - 1, value=pool.value - cost)
    if after.qty == 0 and after.value != 0:
        cost, after = pool.value, replace(after, value=ZERO)
    return Moved(after, Decimal(-1), -cost)


@dataclass(frozen=True)
class Issued:
    """Cost of each line, whether it is provisional, and what was sold below the available stock."""

    costs: Sequence[Decimal]
    provisional: Sequence[bool]
    oversold: tuple[str, ...]

    def needs(self, ctx: CompanyContext) -> list[Need]:
        """Return the rights that selling below zero needs (INV-09).

        Raises:
            Problem: ``conflict`` when the company blocks it.
        """
        policy = ctx.setting("negative_stock")
        if not self.oversold or policy == "allow":
            return []
        if policy == "block":
            raise Problem("conflict", f"Not enough in stock: {', '.join(self.oversold)}.")
        return [Need("inventory.oversell", f"Not enough in stock: {name}") for name in self.oversold]


def lock_goods(ctx: CompanyContext, lines: Sequence[CartLine], items: Mapping[UUID, Item]) -> Goods:
    """Lock balances, then units, of everything that the lines take (OCC-02)."""
    _, location = ctx.require_terminal()
    demands = [demand for index, line in enumerate(lines) for demand in _demands(index, line, items)]
    book = lock_stock(ctx, location.id, (demand.item.variant_id for demand in demands))
    unit_ids = [demand.unit_id for demand in demands if demand.unit_id is not None]
    if len(unit_ids) != len(set(unit_ids)):
        raise Problem("unit_not_available", "A serial number stands on two lines.")
    return Goods(book, lock_units(ctx, unit_ids), demands)


def _demands(index: int, line: CartLine, items: Mapping[UUID, Item]) -> Iterable[Demand]:
    item = line.item
    if item.kind == "bundle":
        for component_id, per_bundle in item.components:
            component = items[component_id]
            if component.is_stocked:
                yield Demand(index, component, per_bundle * line.qty, None, "bundle")
    elif item.is_stocked:
        yield Demand(index, item, line.qty, line.unit_id, "sale")
