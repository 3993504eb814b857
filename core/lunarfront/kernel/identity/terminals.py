"""Terminals as places of sign-in: where a session is bound, and where a PIN may be used (USR-07, USR-10)."""

from uuid import UUID

from sqlalchemy import select, update

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
    set_pin_failures(uow, terminal_id, 0)


def require_location(uow: UnitOfWork, user_id: UUID, location_id: UUID) -> None:
    """Insist that a user may work at a location.

    Raises:
        Problem: ``forbidden``.
    """
    places = load_rights(uow, user_id).location_ids
    if places is not None and location_id not in places:
        raise Problem("forbidden", "You do not work at this location.")


def set_pin_failures(uow: UnitOfWork, terminal_id: UUID, failures: int) -> None:
    """Write the counter past the terminal's version: it is no edit."""
    statement = update(Terminal).where(Terminal.id == terminal_id, Terminal.pin_failures != failures)
    values = {"pin_failures": failures, "updated_at": Terminal.updated_at}
    uow.session.execute(statement.values(values).execution_options(synchronize_session=False))
