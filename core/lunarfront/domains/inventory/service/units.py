"""Serialized units: locked, moved from status to status (INV-03, INV-08, domain-core.md §4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.models import InventoryUnit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

SELLABLE = frozenset({"available", "reserved", "on_layaway", "on_trial"})

_LOCK_SQL = """
SELECT u.id, u.variant_id, u.location_id, u.serial, u.cost, u.version, u.ownership, u.sold_transaction_id,
       s.behaves_as AS status
FROM inventory_unit u JOIN unit_status s ON s.company_id = u.company_id AND s.id = u.status_id
WHERE u.company_id = %(company)s AND u.id = ANY(%(units)s) ORDER BY u.id FOR NO KEY UPDATE OF u
"""
_STATUS_SQL = "SELECT id, slug FROM unit_status WHERE company_id = %(company)s AND is_system"


@dataclass(frozen=True)
class Unit:
    """A locked unit; ``status`` is the system status that its row behaves as."""

    id: UUID
    variant_id: UUID
    location_id: UUID
    serial: str
    cost: Decimal
    version: int
    ownership: str
    sold_transaction_id: UUID | None
    status: str


def lock_units(ctx: CompanyContext, unit_ids: Iterable[UUID]) -> dict[UUID, Unit]:
    """Lock units in id order.

    Raises:
        Problem: ``not_found`` when one does not exist.
    """
    wanted = set(unit_ids)
    if not wanted:
        return {}
    rows = ctx.uow.query(_LOCK_SQL, {"company": ctx.company.id, "units": list(wanted)})
    units = {row.id: Unit(**row._asdict()) for row in rows}
    if wanted - units.keys():
        raise Problem("not_found", "There is no such serial number.")
    return units


def check_sellable(unit: Unit, variant_id: UUID, location_id: UUID) -> None:
    """Refuse a unit that cannot be sold here.

    Raises:
        Problem: ``unit_not_available`` or ``consignment_not_active`` (INV-26).
    """
    if unit.ownership == "consigned":
        raise Problem("consignment_not_active", f"Serial {unit.serial} is consigned.")
    if unit.variant_id != variant_id or unit.location_id != location_id or unit.status not in SELLABLE:
        raise Problem("unit_not_available", f"Serial {unit.serial} is not available here ({unit.status}).")


def move_unit(
    ctx: CompanyContext, unit: Unit, status: str, statuses: Mapping[str, UUID], **values: Any
) -> None:
    """Collect the change of a unit's status."""
    ctx.uow.change(InventoryUnit, unit.id, unit.version, status_id=statuses[status], **values)


def status_ids(ctx: CompanyContext) -> dict[str, UUID]:
    """Return the system statuses of the company by slug."""
    return {row.slug: row.id for row in ctx.uow.query(_STATUS_SQL, {"company": ctx.company.id})}
