"""Terminals as places of sign-in: where a session is bound, and where a PIN may be used (USR-07, USR-10)."""

from uuid import UUID

from sqlalchemy import func, select, update

from lunarfront.kernel.auth.rights import load_rights
from lunarfront.kernel.problems import Problem, not_found
from lunarfront.kernel.tenancy.models import Terminal
from lunarfront.kernel.uow import UnitOfWork


def bind_terminal(uow: UnitOfWork, user_id: UUID, terminal_id: UUID) -> None:
    """Insist that a terminal exists and stands where the user works; a full sign-in opens its PIN again (USR-10).

    Raises:
        Problem: ``not_found`` or ``forbidden``.
    """
    found = uow.session.execute(
        select(Terminal.location_id).where(Terminal.id == terminal_id, Terminal.is_active)
    ).scalar_one_or_none()
    if found is None:
        raise not_found()
    require_location(uow, user_id, found)
    note_sign_in(uow, terminal_id)


def require_location(uow: UnitOfWork, user_id: UUID, location_id: UUID) -> None:
    """Insist that a user may work at a location.

    Raises:
        Problem: ``forbidden``.
    """
    places = load_rights(uow, user_id).location_ids
    if places is not None and location_id not in places:
        raise Problem("forbidden", "You do not work at this location.")


def note_sign_in(uow: UnitOfWork, terminal_id: UUID) -> None:
    """A good sign-in forgets wrong PINs and tells that the terminal lives; past its version, as it is no edit."""
    values = {"pin_failures": 0, "last_seen_at": func.now(), "updated_at": Terminal.updated_at}
    statement = update(Terminal).where(Terminal.id == terminal_id).values(values)
    uow.session.execute(statement.execution_options(synchronize_session=False))
