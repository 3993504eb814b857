"""Reads of drawer sessions: the till's own, lists, and what may be shown of them (DRW-08, DRW-12)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.domains.drawer.queries.cash import expected_of
from lunarfront.domains.drawer.rules.cash import MAX_COUNTS, shift_warnings
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.clock import business_date
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import not_found
from lunarfront.kernel.tenancy.contexts import location_info
from lunarfront.kernel.tenancy.models import Terminal

Answer = dict[str, Any]
SORTS = {"opened_at": DrawerSession.opened_at, "business_date": DrawerSession.business_date}


def may_see_expected(ctx: CompanyContext, session: DrawerSession) -> bool:
    """Tell whether the expected amount may be shown: after the count, or when nobody counts blind (DRW-08)."""
    is_counted = session.status != "open"
    return is_counted or not ctx.setting("drawer_blind_close") or ctx.rights.allows("drawer.see_expected")


def today_at(ctx: CompanyContext, location_id: UUID) -> date:
    """Return the business date at a location now (GEN-07)."""
    here = ctx.location
    location = here if here is not None and here.id == location_id else location_info(ctx.uow, location_id)
    return business_date(ctx.now, location.timezone, location.day_cutoff)


def current_session(ctx: CompanyContext) -> DrawerSession:
    """Return the session of the request's till that is not closed.

    Raises:
        Problem: ``not_found`` when there is none, ``validation_failed`` without a till.
    """
    terminal, _ = ctx.require_terminal()
    wanted = select(DrawerSession).where(
        DrawerSession.terminal_id == terminal.id, DrawerSession.status != "closed"
    )
    session = ctx.uow.session.execute(wanted).scalar_one_or_none()
    if session is None:
        raise not_found()
    return session


def session_answer(ctx: CompanyContext, session: DrawerSession) -> Answer:
    """Return a session as its answer shows it, with the live expected amount while it is open."""
    answer = sessions_answer(ctx, [session])[0]
    if session.status == "open" and may_see_expected(ctx, session):
        answer["expected_total"] = expected_of(ctx, session)
    return answer


def list_sessions(ctx: CompanyContext, query: Mapping[str, Any]) -> Answer:
    """Return a page of the sessions of the user's locations, newest first."""
    statement = select(DrawerSession)
    for name in ("status", "drawer_id", "location_id", "terminal_id", "business_date", "forced"):
        if name in query:
            statement = statement.where(getattr(DrawerSession, name) == query[name])
    if ctx.rights.location_ids is not None:
        statement = statement.where(DrawerSession.location_id.in_(ctx.rights.location_ids))
    page = paginate(
        ctx,
        statement,
        query,
        sorts=SORTS,
        key=DrawerSession.id,
        default_sort="-opened_at",
        shape=lambda row: row[0],
    )
    return page | {"items": sessions_answer(ctx, page["items"])}


def sessions_answer(ctx: CompanyContext, sessions: Sequence[DrawerSession]) -> list[Answer]:
    """Return sessions with the names of what they refer to; amounts as they are stored."""
    drawers = _named(ctx, Drawer, {s.drawer_id for s in sessions})
    terminals = _named(ctx, Terminal, {s.terminal_id for s in sessions})
    people = _people(ctx, sessions)
    still_open = {s.location_id for s in sessions if s.status != "closed"}
    today = {location_id: today_at(ctx, location_id) for location_id in still_open}
    columns = DrawerSession.__table__.columns.keys()
    return [
        {name: getattr(session, name) for name in columns}
        | {
            "drawer_name": drawers[session.drawer_id],
            "terminal_name": terminals[session.terminal_id],
            "opened_by_name": people.get(session.opened_by),
            "closed_by_name": people.get(session.closed_by) if session.closed_by else None,
            "not_counted": session.status == "closed" and session.counted_total is None,
            "recounts_left": MAX_COUNTS - session.count_tries if session.status == "counting" else 0,
            "warnings": _warnings(ctx, session, today),
        }
        for session in sessions
    ]


def _named(ctx: CompanyContext, model: Any, ids: set[UUID]) -> dict[UUID, str]:
    rows = ctx.uow.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _people(ctx: CompanyContext, sessions: Sequence[DrawerSession]) -> dict[UUID, str]:
    ids = {person for session in sessions for person in (session.opened_by, session.closed_by) if person}
    rows = ctx.uow.session.execute(select(User.id, User.full_name).where(User.id.in_(ids)))
    return {row.id: row.full_name for row in rows}


def _warnings(ctx: CompanyContext, session: DrawerSession, today: Mapping[UUID, date]) -> list[str]:
    if session.status == "closed":
        return []
    return shift_warnings(session.opened_at, session.business_date, ctx.now, today[session.location_id])
