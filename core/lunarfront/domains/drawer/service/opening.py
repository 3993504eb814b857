"""Use case: open a drawer with a counted float (DRW-01, DRW-02)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.drawer import journal
from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.domains.drawer.rules.cash import Opening, opening_of
from lunarfront.domains.drawer.rules.denominations import checked_pieces, counted_total
from lunarfront.domains.drawer.service.till import Place, check_amount, lock_drawer, place_of, post
from lunarfront.kernel import audit
from lunarfront.kernel.api.db_errors import describe_constraint
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem, invalid, not_found
from lunarfront.kernel.reasons import check_reason

describe_constraint("drawer_session_open_key", "conflict", "drawer_id", "This drawer is open already.")
describe_constraint(
    "drawer_session_terminal_key", "conflict", "drawer_id", "This till has a drawer open already."
)
#: Reason of an opening difference when nobody named another one (DRW-02).
OPENING_REASON = "opening_count"


def open_drawer(ctx: CompanyContext, body: Mapping[str, Any]) -> DrawerSession:
    """Open the till's drawer with what was counted in it.

    The count is compared with what the last close left; cash brought from the safe explains more (``opening_of``),
    and the rest is a variance that is posted at once (DRW-02).

    Raises:
        Problem: ``conflict`` when the drawer or the till has an open session, ``denominations_mismatch``,
            ``not_found`` for a drawer of another location, ``validation_failed``.
    """
    terminal, location = ctx.require_terminal()
    pieces = _pieces(ctx, body)
    counted = counted_total("opening_float", body.get("opening_float"), pieces)
    check_amount(ctx, "opening_float", counted)
    check_amount(ctx, "from_safe", body.get("from_safe"))
    place = place_of(ctx, location.id)
    drawer = _own_drawer(ctx, body.get("drawer_id") or terminal.drawer_id, location.id)
    _refuse_second(ctx, drawer.id, terminal.id)
    opening = _opening(drawer, counted, body)
    session = DrawerSession(
        drawer_id=drawer.id,
        terminal_id=terminal.id,
        location_id=location.id,
        status="open",
        opened_by=ctx.require_user().id,
        opened_at=ctx.now,
        business_date=place.today,
        opening_float=counted,
        opening_denominations=pieces,
        opening_variance=opening.variance,
    )
    ctx.uow.session.add(session)
    ctx.uow.session.flush()
    _record(ctx, place, session, opening, body)
    return session


def _pieces(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, int] | None:
    given = body.get("denominations")
    return checked_pieces(ctx.company.currency, given) if given else None


def _own_drawer(ctx: CompanyContext, drawer_id: UUID | None, location_id: UUID) -> Drawer:
    if drawer_id is None:
        raise invalid("drawer_id", "validation_failed", "This till has no drawer of its own: name one.")
    drawer = lock_drawer(ctx, drawer_id)
    if drawer.location_id != location_id:
        raise not_found()
    if not drawer.is_active:
        raise Problem("conflict", f"{drawer.name} is not in use any more.")
    return drawer


def _refuse_second(ctx: CompanyContext, drawer_id: UUID, terminal_id: UUID) -> None:
    """One open session per drawer and per till (DRW-01); the drawer's row is locked."""
    theirs = (DrawerSession.drawer_id == drawer_id) | (DrawerSession.terminal_id == terminal_id)
    wanted = select(DrawerSession.id, DrawerSession.drawer_id).where(theirs, DrawerSession.status != "closed")
    found = ctx.uow.session.execute(wanted.limit(1)).first()
    if found is not None:
        what = "This drawer" if found.drawer_id == drawer_id else "Another drawer of this till"
        raise Problem("conflict", f"{what} is open already.", extra={"drawer_session_id": str(found.id)})


def _opening(drawer: Drawer, counted: Any, body: Mapping[str, Any]) -> Opening:
    return opening_of(
        counted,
        drawer.last_left,
        drawer.default_float,
        is_first=drawer.z_counter == 0,
        from_safe=body.get("from_safe"),
    )


def _record(
    ctx: CompanyContext, place: Place, session: DrawerSession, opening: Opening, body: Mapping[str, Any]
) -> None:
    figures = {
        "counted": opening.counted,
        "left_before": opening.left_before,
        "from_safe": opening.from_safe,
        "variance": opening.variance,
    }
    reason = _variance_reason(ctx, body) if opening.variance else None
    audit.record(
        ctx, "drawer.opened", "drawer_session", session.id, new=figures, reason_code=reason,
        note=body.get("variance_note"),
    )  # fmt: skip
    source = ("drawer_session", session.id)
    payload = {name: f"{amount:.2f}" for name, amount in figures.items()}
    if opening.from_safe:
        post(
            ctx,
            place,
            source,
            journal.movement_postings(
                "float", opening.from_safe, place.cash, journal.CONTRA_ROLES["float"], place.location.id
            ),
            event_type="drawer_float",
            memo="Float from the safe",
            payload=payload,
        )
    if opening.variance:
        post(
            ctx,
            place,
            source,
            journal.variance_postings(opening.variance, place.cash, place.location.id),
            event_type="drawer_opening_variance",
            memo=f"Opening count against the last close: {reason}",
            payload=payload | {"reason_code": reason, "note": body.get("variance_note")},
        )


def _variance_reason(ctx: CompanyContext, body: Mapping[str, Any]) -> str:
    code = body.get("variance_reason_code")
    if not code:
        return OPENING_REASON
    return check_reason(ctx, "variance", code, body.get("variance_note"), "variance_reason_code")
