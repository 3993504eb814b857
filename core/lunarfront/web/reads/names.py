"""Names of things by id."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.kernel.auth.models import User
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.tenancy.models import Location, ReasonCode, Terminal

Names = dict[UUID, str]


def _names(ctx: CompanyContext, model: Any, column: Any, ids: Iterable[UUID | None]) -> Names:
    wanted = {found for found in ids if found is not None}
    if not wanted:
        return {}
    rows = ctx.uow.session.execute(select(model.id, column).where(model.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def user_names(ctx: CompanyContext, ids: Iterable[UUID | None]) -> Names:
    """Return full names of users."""
    return _names(ctx, User, User.full_name, ids)


def location_names(ctx: CompanyContext, ids: Iterable[UUID | None]) -> Names:
    """Return names of locations."""
    return _names(ctx, Location, Location.name, ids)


def terminal_names(ctx: CompanyContext, ids: Iterable[UUID | None]) -> Names:
    """Return names of terminals."""
    return _names(ctx, Terminal, Terminal.name, ids)


def reasons(ctx: CompanyContext, *kinds: str) -> list[dict[str, Any]]:
    """Return the active reasons of these kinds, in the order of their words, as the screens take them."""
    rows = ctx.uow.session.execute(
        select(ReasonCode)
        .where(ReasonCode.kind.in_(kinds), ReasonCode.is_active)
        .order_by(ReasonCode.requires_note, ReasonCode.label)
    ).scalars()
    return [{"code": row.code, "name": row.label, "needs_note": row.requires_note} for row in rows]


def reason_labels(ctx: CompanyContext) -> dict[str, str]:
    """Return code to label over all kinds, for showing what was chosen."""
    rows = ctx.uow.session.execute(select(ReasonCode.code, ReasonCode.label))
    return {row.code: row.label for row in rows}
