"""Editing versioned rows: load, compare the version, set what changes, keep the history (OCC-01, AUD-07)."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.db import TenantModel, VersionedModel
from lunarfront.kernel.problems import Problem, not_found
from lunarfront.kernel.records import ChangeLog

#: Tables whose field history people may look up (AUD-07).
LOGGED = frozenset({"account", "member", "product", "product_variant", "supplier"})

AnyRow = TypeVar("AnyRow", bound=TenantModel)
Versioned = TypeVar("Versioned", bound=VersionedModel)


def load(ctx: CompanyContext, model: type[AnyRow], row_id: UUID) -> AnyRow:
    """Return a row of the company.

    Raises:
        Problem: ``not_found``, also for another company's row.
    """
    row = ctx.uow.session.get(model, {"company_id": ctx.company.id, "id": row_id})
    if row is None:
        raise not_found()
    return row


def load_for_edit(
    ctx: CompanyContext, model: type[Versioned], row_id: UUID, expected_version: int
) -> Versioned:
    """Return a row that still has the version its editor saw.

    Raises:
        Problem: ``not_found`` or ``version_conflict`` with ``current_version``.
    """
    row = load(ctx, model, row_id)
    if row.version != expected_version:
        raise Problem(
            "version_conflict",
            f"You edited version {expected_version}, it is {row.version} now.",
            extra={"current_version": row.version},
        )
    return row


def apply(
    ctx: CompanyContext, row: TenantModel, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set ``values`` on a row and write them; return old and new of the fields that differ.

    Fields of the tables in ``LOGGED`` leave a line of history each.
    """
    old, new = audit.changes({name: getattr(row, name) for name in values}, values)
    for name, value in new.items():
        setattr(row, name, value)
    if new and row.__tablename__ in LOGGED:
        _keep_history(ctx, row, old, new)
    ctx.uow.session.flush()
    return old, new


def _keep_history(
    ctx: CompanyContext, row: TenantModel, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    for field in new.keys() - audit.SECRET_FIELDS:
        ctx.uow.add(
            ChangeLog,
            table_name=row.__tablename__,
            row_id=row.id,
            field=field,
            old=audit.plain(old[field]),
            new=audit.plain(new[field]),
            user_id=ctx.user.id if ctx.user else None,
            request_id=ctx.request_id,
        )


def active_values(ctx: CompanyContext, is_active: bool) -> dict[str, Any]:
    """Return the two columns that say whether a row is archived (GEN-04)."""
    return {"is_active": is_active, "archived_at": None if is_active else ctx.now}
