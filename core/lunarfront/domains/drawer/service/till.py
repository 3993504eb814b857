"""What every use case of a drawer starts from: its session under lock, its place, its postings (OCC-02, DRW-10)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.drawer import journal
from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event, Posting
from lunarfront.kernel.auth.rights import may_work_at
from lunarfront.kernel.clock import business_date
from lunarfront.kernel.context import CompanyContext, LocationInfo
from lunarfront.kernel.problems import Problem, invalid, not_found
from lunarfront.kernel.tenancy.contexts import location_info


@dataclass(frozen=True)
class Place:
    """The location of a drawer: it gives cash account and business date, wherever the caller sits (GEN-07)."""

    location: LocationInfo
    today: date

    @property
    def cash(self) -> str:
        """The account role of the drawer's cash."""
        return journal.cash_role(is_mobile=self.location.is_mobile)


def place_of(ctx: CompanyContext, location_id: UUID) -> Place:
    """Return a drawer's location with its business date.

    Raises:
        Problem: ``forbidden`` when the user does not work there.
    """
    if not may_work_at(ctx, location_id):
        raise Problem("forbidden", "You do not work at this location.")
    here = ctx.location
    location = here if here is not None and here.id == location_id else location_info(ctx.uow, location_id)
    return Place(location, business_date(ctx.now, location.timezone, location.day_cutoff))


def find_session(ctx: CompanyContext, session_id: UUID) -> DrawerSession:
    """Return a session without locking it.

    Raises:
        Problem: ``not_found``, ``forbidden`` at a location where the user does not work.
    """
    session = ctx.uow.session.get(DrawerSession, {"company_id": ctx.company.id, "id": session_id})
    if session is None:
        raise not_found()
    if not may_work_at(ctx, session.location_id):
        raise Problem("forbidden", "You do not work at this location.")
    return session


def lock_session(ctx: CompanyContext, session_id: UUID, *statuses: str) -> DrawerSession:
    """Lock a session, after transactions and before everything else (OCC-02).

    Raises:
        Problem: ``not_found``; ``drawer_not_open`` when it is closed (DRW-10), ``invalid_transition`` otherwise.
    """
    find_session(ctx, session_id)
    wanted = select(DrawerSession).where(DrawerSession.id == session_id)
    fresh = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    session = ctx.uow.session.execute(fresh).scalar_one()
    if session.status in statuses:
        return session
    if session.status == "closed" and statuses == ("open",):
        raise Problem("drawer_not_open", "This drawer is closed; open it again for new cash.")
    raise Problem(
        "invalid_transition",
        f"This drawer is {session.status}.",
        extra={"state": session.status, "allowed_from": list(statuses)},
    )


def lock_drawer(ctx: CompanyContext, drawer_id: UUID) -> Drawer:
    """Lock a drawer, the last lock of opening and closing: it holds the Z counter and what was left (DRW-06).

    Raises:
        Problem: ``not_found``.
    """
    wanted = select(Drawer).where(Drawer.id == drawer_id)
    fresh = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    drawer = ctx.uow.session.execute(fresh).scalar_one_or_none()
    if drawer is None:
        raise not_found()
    return drawer


def post(
    ctx: CompanyContext, place: Place, source: tuple[str, UUID], postings: tuple[Posting, ...], **event: Any
) -> None:
    """Post one event of the drawer on its business date; a training location posts nothing (POS-25).

    Args:
        ctx: the context.
        place: the drawer's location.
        source: source type and id.
        postings: of ``journal``.
        event: ``event_type``, and whatever else of ``Event``.
    """
    if place.location.is_training:
        return
    source_type, source_id = source
    ledger.post(
        ctx,
        Event(
            source_type=source_type,
            source_id=source_id,
            business_date=place.today,
            postings=postings,
            **event,
        ),
    )


def check_amount(ctx: CompanyContext, field: str, amount: Decimal | None) -> None:
    """Insist on an amount that the currency can pay (MON-01).

    Raises:
        Problem: ``money_precision``.
    """
    if amount is not None and amount % ctx.unit != 0:
        raise invalid(field, "money_precision", f"{ctx.company.currency} has no such small unit.")
