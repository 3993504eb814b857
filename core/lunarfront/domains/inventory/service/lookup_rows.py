"""Use cases: statuses and conditions of units (INV-25, GEN-04)."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from lunarfront.domains.inventory.models import ItemCondition, UnitStatus
from lunarfront.domains.inventory.queries.units import is_used, system_slugs
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load_for_edit
from lunarfront.kernel.problems import Problem, invalid

LookupRow = TypeVar("LookupRow", UnitStatus, ItemCondition)


def create_row(ctx: CompanyContext, model: type[LookupRow], values: Mapping[str, Any]) -> LookupRow:
    """Make a row of the company's own that behaves as a system row, and return it.

    Raises:
        Problem: ``validation_failed`` for an unknown ``behaves_as``, ``conflict`` for a slug in use.
    """
    _check_behaviour(ctx, model, values)
    row = model(**values)
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    audit.record(ctx, f"inventory.{model.__tablename__}.created", model.__tablename__, row.id, new=values)
    return row


def change_row(
    ctx: CompanyContext,
    model: type[LookupRow],
    row_id: UUID,
    values: Mapping[str, Any],
    expected_version: int,
) -> LookupRow:
    """Rename, sort, switch off or re-point a row and return it; no stored unit is touched (INV-25).

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``validation_failed``, or ``conflict`` for a system row that
            would be switched off or re-pointed.
    """
    row = load_for_edit(ctx, model, row_id, expected_version)
    if row.is_system and (values.get("is_active") is False or values.get("behaves_as", row.slug) != row.slug):
        raise Problem("conflict", "A system row cannot be switched off or re-pointed.")
    if not row.is_system:
        _check_behaviour(ctx, model, values)
    old, new = apply(ctx, row, values)
    if new:
        audit.record(
            ctx, f"inventory.{model.__tablename__}.changed", model.__tablename__, row_id, old=old, new=new
        )
    return row


def delete_row(ctx: CompanyContext, model: type[LookupRow], row_id: UUID, expected_version: int) -> None:
    """Remove a row of the company's own that no unit has.

    Raises:
        Problem: ``not_found``, ``version_conflict``, or ``conflict`` for a system row or one in use.
    """
    row = load_for_edit(ctx, model, row_id, expected_version)
    if row.is_system:
        raise Problem("conflict", "A system row cannot be removed.")
    if is_used(ctx, row):
        raise Problem("conflict", "Units have it: switch it off instead.")
    ctx.uow.session.delete(row)
    old = {"slug": row.slug, "name": row.name, "behaves_as": row.behaves_as}
    audit.record(ctx, f"inventory.{model.__tablename__}.removed", model.__tablename__, row_id, old=old)


def _check_behaviour(ctx: CompanyContext, model: type[LookupRow], values: Mapping[str, Any]) -> None:
    if "behaves_as" in values and values["behaves_as"] not in system_slugs(ctx, model):
        raise invalid("behaves_as", "validation_failed", "Name a system row.")
