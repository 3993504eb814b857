"""Routes of drawer sessions: open, movements, count, close, X and Z report."""

from typing import Any
from uuid import UUID

from lunarfront.domains.drawer.queries import report, sessions
from lunarfront.domains.drawer.schemas import sessions as schemas
from lunarfront.domains.drawer.schemas.reports import DrawerReportOut
from lunarfront.domains.drawer.service import closing, counting, movements, opening
from lunarfront.domains.drawer.service.till import find_session
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.seals import head, seal_company

blp = ApiBlueprint(
    "drawer-sessions", __name__, description="Shifts of a cash drawer, from counted float to Z report."
)
Answer = dict[str, Any]
#: A close seals what can be sealed at once (ACC-23); rows behind a sale that is still running follow by the sealer.
SEAL_WAIT_SECONDS = 0


@blp.endpoint(
    "GET", "/drawer-sessions", permission="drawer.view", query=schemas.DrawerSessionQuery,
    out=page_schema(schemas.DrawerSessionOut),
)  # fmt: skip
def list_drawer_sessions(ctx: CompanyContext, query: Answer) -> Answer:
    """List sessions, newest first."""
    return sessions.list_sessions(ctx, query)


@blp.endpoint("GET", "/drawer-sessions/current", permission="drawer.view", out=schemas.DrawerSessionOut)
def get_current_drawer_session(ctx: CompanyContext) -> Answer:
    """Read the open session of this till; 404 when its drawer is closed."""
    return sessions.session_answer(ctx, sessions.current_session(ctx))


@blp.endpoint(
    "POST", "/drawer-sessions", permission="drawer.open", body=schemas.DrawerOpenIn, out=schemas.DrawerSessionOut,
    status=201, idempotent=True,
)  # fmt: skip
def open_drawer_session(ctx: CompanyContext, body: Answer) -> Answer:
    """Open the till's drawer with a counted float (DRW-01, DRW-02)."""
    return sessions.session_answer(ctx, opening.open_drawer(ctx, body))


@blp.endpoint(
    "GET", "/drawer-sessions/<uuid:session_id>", permission="drawer.view", out=schemas.DrawerSessionOut
)
def get_drawer_session(ctx: CompanyContext, session_id: UUID) -> Answer:
    """Read a session."""
    return sessions.session_answer(ctx, find_session(ctx, session_id))


@blp.endpoint(
    "POST", "/drawer-sessions/<uuid:session_id>/movements", permission="drawer.view", body=schemas.DrawerMovementIn,
    out=schemas.DrawerMovementOut, status=201, idempotent=True,
)  # fmt: skip
def record_drawer_movement(ctx: CompanyContext, body: Answer, session_id: UUID) -> Answer:
    """Record paid in, paid out, drop, float, tips or a no-sale; each kind needs its own right (DRW-03)."""
    return movements.record_movement(ctx, session_id, body)


@blp.endpoint(
    "GET", "/drawer-sessions/<uuid:session_id>/x", permission="drawer.x_report", out=DrawerReportOut
)
def get_x_report(ctx: CompanyContext, session_id: UUID) -> Answer:
    """Read the X report: any time before the close, changes nothing (DRW-06)."""
    return report.x_report(ctx, find_session(ctx, session_id))


@blp.endpoint(
    "POST", "/drawer-sessions/<uuid:session_id>/count", permission="drawer.close", body=schemas.DrawerCountIn,
    out=schemas.DrawerSessionOut, idempotent=True,
)  # fmt: skip
def count_drawer_session(ctx: CompanyContext, body: Answer, session_id: UUID) -> Answer:
    """Enter a count; the answer then shows expected and difference (DRW-08)."""
    return sessions.session_answer(ctx, counting.count_drawer(ctx, session_id, body))


@blp.endpoint(
    "POST",
    "/drawer-sessions/<uuid:session_id>/resume",
    permission="drawer.close",
    out=schemas.DrawerSessionOut,
)
def resume_drawer_session(ctx: CompanyContext, session_id: UUID) -> Answer:
    """Give the count up and sell on."""
    return sessions.session_answer(ctx, counting.resume_drawer(ctx, session_id))


@blp.endpoint(
    "POST", "/drawer-sessions/<uuid:session_id>/close", permission="drawer.close", body=schemas.DrawerCloseIn,
    out=schemas.DrawerSessionOut, idempotent=True,
)  # fmt: skip
def close_drawer_session(ctx: CompanyContext, body: Answer, session_id: UUID) -> Answer:
    """Close a counted drawer and write its Z report (DRW-07, DRW-09, DRW-11)."""
    return sessions.session_answer(ctx, closing.close_drawer(ctx, session_id, body, _audit_head(ctx)))


@blp.endpoint(
    "POST", "/drawer-sessions/<uuid:session_id>/force-close", permission="drawer.force_close",
    body=schemas.DrawerForceCloseIn, out=schemas.DrawerSessionOut, idempotent=True,
)  # fmt: skip
def force_close_drawer_session(ctx: CompanyContext, body: Answer, session_id: UUID) -> Answer:
    """Close a drawer that was left behind, counted by two people or not counted (DRW-13)."""
    return sessions.session_answer(ctx, closing.force_close(ctx, session_id, body, _audit_head(ctx)))


@blp.endpoint("GET", "/drawer-sessions/<uuid:session_id>/z", permission="drawer.view", out=DrawerReportOut)
def get_z_report(ctx: CompanyContext, session_id: UUID) -> Answer:
    """Read the Z report as it was written at the close (DRW-06)."""
    return report.z_report(find_session(ctx, session_id))


def _audit_head(ctx: CompanyContext) -> str | None:
    """Seal what was committed before the close, and return the head of the trail (SEC-14)."""
    seal_company(core(), ctx.company.id, SEAL_WAIT_SECONDS)
    found = head(ctx.uow)
    return str(found) if found else None
