"""Locked balances of one location, and the movements of one event on them (INV-08, SEC-12, AUD-03)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.models import StockBalance, StockMovement
from lunarfront.domains.inventory.rules import Moved, Pool
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.uow import UnitOfWork

_LOCK_SQL = """
SELECT id, variant_id, version, qty_on_hand, qty_reserved, pool_value, last_cost FROM stock_balance
WHERE company_id = %(company)s AND location_id = %(location)s AND variant_id = ANY(%(variants)s)
ORDER BY id FOR NO KEY UPDATE
"""
_CREATE_SQL = """
INSERT INTO stock_balance (company_id, id, location_id, variant_id)
SELECT %(company)s, i.id, %(location)s, i.variant_id
FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[]) AS i (id, variant_id)
ON CONFLICT (company_id, variant_id, location_id) DO NOTHING
"""


@dataclass(frozen=True)
class Source:
    """What a movement comes from."""

    type: str
    id: UUID
    business_date: date
    reason_code: str | None = None
    note: str | None = None


@dataclass
class StockBook:
    """Balances that this event has locked. ``post`` moves one; ``write`` collects the new balances."""

    uow: UnitOfWork
    location_id: UUID
    pools: dict[UUID, Pool]
    _moved: set[UUID] = field(default_factory=set)

    def post(self, kind: str, moved: Moved, source: Source, unit_id: UUID | None = None) -> None:
        """Collect the movement and keep the pool after it."""
        pool = moved.pool
        self.pools[pool.variant_id] = pool
        self._moved.add(pool.variant_id)
        row: dict[str, Any] = {
            "variant_id": pool.variant_id,
            "location_id": self.location_id,
            "kind": kind,
            "qty": moved.qty,
            "value": moved.value,
            "qty_after": pool.qty,
            "value_after": pool.value,
            "source_type": source.type,
            "source_id": source.id,
            "business_date": source.business_date,
        }
        optional = {"unit_id": unit_id, "reason_code": source.reason_code, "note": source.note}
        self.uow.add(
            StockMovement, **row, **{name: value for name, value in optional.items() if value is not None}
        )

    def write(self) -> None:
        """Collect the changed balances; at flush each must still have the version that was locked."""
        for variant_id in self._moved:
            pool = self.pools[variant_id]
            self.uow.change(
                StockBalance,
                pool.balance_id,
                pool.version,
                qty_on_hand=pool.qty,
                pool_value=pool.value,
                last_cost=pool.last_cost,
            )
        self._moved.clear()


def lock_stock(ctx: CompanyContext, location_id: UUID, variant_ids: Iterable[UUID]) -> StockBook:
    """Lock the balances of these variants at a location in id order, making those that do not exist yet.

    One statement when all exist, which is the normal case; no statement without variants.
    """
    wanted = set(variant_ids)
    if not wanted:
        return StockBook(ctx.uow, location_id, {})
    params = {"company": ctx.company.id, "location": location_id, "variants": list(wanted)}
    pools = _lock(ctx.uow, params)
    missing = sorted(wanted - pools.keys())
    if missing:
        ids = [uuid7() for _ in missing]
        ctx.uow.execute(_CREATE_SQL, params | {"ids": ids, "variants": missing})
        pools = _lock(ctx.uow, params)
    return StockBook(ctx.uow, location_id, pools)


def _lock(uow: UnitOfWork, params: dict[str, Any]) -> dict[UUID, Pool]:
    return {
        row.variant_id: Pool(
            balance_id=row.id,
            variant_id=row.variant_id,
            version=row.version,
            qty=row.qty_on_hand,
            value=row.pool_value,
            reserved=row.qty_reserved,
            last_cost=row.last_cost,
        )
        for row in uow.query(_LOCK_SQL, params)
    }
