"""Use case: unlock or switch the user of a paired terminal by PIN or badge (USR-07, USR-10, SEC-21)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update

from lunarfront.kernel import audit
from lunarfront.kernel.auth.credentials import Credential
from lunarfront.kernel.auth.lockout import PIN_FAILURES
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.auth.passwords import verify_password
from lunarfront.kernel.auth.secrets import DEVICE_PREFIX, Secret, digest, read_secret
from lunarfront.kernel.auth.sessions import end_session, end_session_of_hash
from lunarfront.kernel.core import Core
from lunarfront.kernel.identity.terminals import note_sign_in, require_location
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.tenancy.models import Terminal
from lunarfront.kernel.uow import UnitOfWork

T = TypeVar("T")
NOT_PAIRED = "This device is not paired with a terminal."
WRONG = "Staff number or PIN is wrong."
FULL_SIGN_IN = "Too many wrong PINs on this terminal. Sign in with e-mail address and password."


@dataclass(frozen=True)
class PinAttempt:
    """Staff number and PIN, or a badge, from a device; ``previous`` is the sign-in that ends with the switch."""

    device_key: str = field(repr=False)
    staff_number: str | None = None
    pin: str | None = field(default=None, repr=False)
    badge: str | None = field(default=None, repr=False)
    previous: Credential | None = None
    ip: str | None = None
    request_id: str = ""


Session = Callable[[UnitOfWork, UUID, UUID], T]


def pin_switch(core: Core, attempt: PinAttempt, open_session: "Session[T]") -> T:
    """Check PIN or badge and open a session on the terminal; the one before ends (SEC-22).

    Args:
        core: services of the process.
        attempt: what was sent.
        open_session: called with unit of work, user id and terminal id; committed here.

    Raises:
        Problem: ``unauthenticated``, ``forbidden`` at a location where the user does not work, ``approval_locked``
            after five wrong tries on the terminal: then only a full sign-in opens it again.
    """
    device = read_secret(attempt.device_key, DEVICE_PREFIX)
    if device is None:
        raise Problem("unauthenticated", NOT_PAIRED)
    terminal_id, location_id = _charge(core, device)
    user = _find(core, device.company_id, attempt)
    known = _is_right(user, attempt)
    with core.unit_of_work(device.company_id) as uow:
        if not known or user is None:
            _record(uow, core, attempt, terminal_id, user.id if user else None, "auth.pin.failed")
            uow.commit()
            raise Problem("unauthenticated", WRONG)
        require_location(uow, user.id, location_id)
        _end_previous(uow, core, attempt.previous)
        note_sign_in(uow, terminal_id)
        opened = open_session(uow, user.id, terminal_id)
        _record(uow, core, attempt, terminal_id, user.id, "auth.pin.done")
        uow.commit()
    return opened


def _charge(core: Core, device: Secret) -> tuple[UUID, UUID]:
    """Count the try before it is judged, so that tries at the same moment count too."""
    with core.unit_of_work(device.company_id) as uow:
        paired = (Terminal.device_key_hash == device.hash, Terminal.is_active)
        row = uow.session.execute(select(Terminal.id, Terminal.location_id).where(*paired)).one_or_none()
        if row is None:
            raise Problem("unauthenticated", NOT_PAIRED)
        counted = (
            update(Terminal)
            .where(Terminal.id == row.id, Terminal.pin_failures < PIN_FAILURES)
            .values(pin_failures=Terminal.pin_failures + 1, updated_at=Terminal.updated_at)
            .execution_options(synchronize_session=False)
        )
        if uow.session.execute(counted).rowcount != 1:  # type: ignore[attr-defined]
            raise Problem("approval_locked", FULL_SIGN_IN)
        uow.commit()
    return row.id, row.location_id


def _find(core: Core, company_id: UUID, attempt: PinAttempt) -> User | None:
    if attempt.badge is not None:
        which = User.badge_hash == digest(attempt.badge)
    else:
        which = User.staff_number == attempt.staff_number
    with core.unit_of_work(company_id) as uow:
        return uow.session.execute(select(User).where(which, User.is_active)).scalars().first()


def _is_right(user: User | None, attempt: PinAttempt) -> bool:
    """A badge is the secret itself; a PIN is compared, with the same work for an unknown number."""
    if attempt.badge is not None:
        return user is not None
    return verify_password(user.pin_hash if user else None, attempt.pin or "")


def _end_previous(uow: UnitOfWork, core: Core, previous: Credential | None) -> None:
    if previous is None or previous.company_id != uow.company_id:
        return
    if previous.kind == "jwt" and previous.session_id is not None:
        end_session(uow, previous.session_id, core.clock())
    elif previous.kind == "cookie" and previous.hash is not None:
        end_session_of_hash(uow, previous.hash, core.clock())


def _record(
    uow: UnitOfWork, core: Core, attempt: PinAttempt, terminal_id: UUID, user_id: UUID | None, action: str
) -> None:
    audit.write(
        uow,
        occurred_at=core.clock(),
        actor=attempt.staff_number or "badge",
        user_id=user_id,
        terminal_id=terminal_id,
        request_id=attempt.request_id,
        ip=attempt.ip,
        action=action,
        entity_type="terminal",
        entity_id=terminal_id,
    )
