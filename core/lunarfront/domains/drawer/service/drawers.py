"""Use cases: set up the drawers of a location (domain-core.md §9)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.domains.drawer.service.till import check_amount, lock_drawer
from lunarfront.kernel import audit
from lunarfront.kernel.api.db_errors import describe_constraint
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load_for_edit
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.tenancy.models import Location

describe_constraint(
    "drawer_company_id_location_id_name_key", "conflict", "name", "There is a drawer with this name here."
)


def create_drawer(ctx: CompanyContext, values: Mapping[str, Any]) -> Drawer:
    """Make a drawer and return it.

    Raises:
        Problem: ``not_found`` for an unknown location, ``conflict`` for a name in use there, ``money_precision``.
    """
    if ctx.uow.session.get(Location, {"company_id": ctx.company.id, "id": values["location_id"]}) is None:
        raise invalid("location_id", "not_found", "There is no such location.")
    check_amount(ctx, "default_float", values.get("default_float"))
    drawer = Drawer(**values)
    ctx.uow.session.add(drawer)
    ctx.uow.session.flush()
    audit.record(ctx, "drawer.created", "drawer", drawer.id, new=values)
    return drawer


def change_drawer(
    ctx: CompanyContext, drawer_id: UUID, values: Mapping[str, Any], expected_version: int
) -> Drawer:
    """Change a drawer and return it. One that is open stays in use until it is closed.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``conflict``, ``money_precision``.
    """
    check_amount(ctx, "default_float", values.get("default_float"))
    lock_drawer(ctx, drawer_id)
    drawer = load_for_edit(ctx, Drawer, drawer_id, expected_version)
    if values.get("is_active") is False and _is_open(ctx, drawer_id):
        raise Problem("conflict", f"{drawer.name} is open: close it first.")
    old, new = apply(ctx, drawer, values)
    if new:
        audit.record(ctx, "drawer.changed", "drawer", drawer.id, old=old, new=new)
    return drawer


def _is_open(ctx: CompanyContext, drawer_id: UUID) -> bool:
    wanted = select(DrawerSession.id).where(
        DrawerSession.drawer_id == drawer_id, DrawerSession.status != "closed"
    )
    return ctx.uow.session.execute(wanted.limit(1)).first() is not None
