"""What stock use cases need to know of variants."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

_SQL = """
SELECT v.id AS variant_id, v.sku, trim(p.name || ' ' || coalesce(v.name_suffix, '')) AS name, v.default_cost,
       p.is_serialized, p.is_divisible, p.kind, c.inventory_account, c.cogs_account
FROM product_variant v
JOIN product p ON p.company_id = v.company_id AND p.id = v.product_id
JOIN category c ON c.company_id = p.company_id AND c.id = p.category_id
WHERE v.company_id = %(company)s AND v.id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class StockItem:
    """A stocked variant with the accounts of its category."""

    variant_id: UUID
    sku: str
    name: str
    default_cost: Decimal | None
    is_serialized: bool
    is_divisible: bool
    inventory_account: str
    cogs_account: str


def stock_items(ctx: CompanyContext, variant_ids: Iterable[UUID]) -> dict[UUID, StockItem]:
    """Return stocked variants by id.

    Raises:
        Problem: ``not_found``; ``conflict`` for items that have no stock (services, fees).
    """
    wanted = set(variant_ids)
    rows = ctx.uow.query(_SQL, {"company": ctx.company.id, "ids": list(wanted)})
    if wanted - {row.variant_id for row in rows}:
        raise Problem("not_found", "There is no such item.")
    for row in rows:
        if row.kind != "stocked":
            raise Problem("conflict", f"{row.name} has no stock.")
    return {
        row.variant_id: StockItem(
            row.variant_id,
            row.sku,
            row.name,
            row.default_cost,
            row.is_serialized,
            row.is_divisible,
            row.inventory_account,
            row.cogs_account,
        )
        for row in rows
    }
