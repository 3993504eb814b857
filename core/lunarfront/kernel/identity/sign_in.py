"""Use case: sign in with e-mail address and password (USR-01, USR-11, SEC-20, SEC-21).

It begins before a company is known, so it runs in transactions of its own and commits each. A try is counted
before its password is looked at: tries at the same moment cannot slip past the lock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, update

from lunarfront.kernel import audit
from lunarfront.kernel.auth.lockout import lock_after
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.auth.password_rules import LONGEST
from lunarfront.kernel.auth.passwords import hash_password, needs_rehash, verify_password
from lunarfront.kernel.core import Core
from lunarfront.kernel.identity.counters import (
    before_company,
    charge_address,
    charge_company,
    refund_address,
    refund_company,
)
from lunarfront.kernel.identity.second_factor import Outcome, second_factor
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.uow import UnitOfWork

T = TypeVar("T")
SUBJECT = "sign_in"
CODE_NEEDED = "Enter the code of your authenticator, or a recovery code (member otp)."
CODE_WRONG = "This code is wrong or was used before."
#: The same for a wrong name, a wrong password and a locked account (USR-01).
REFUSED = "E-mail address or password is wrong, or there were too many wrong tries. Try again later."


@dataclass(frozen=True)
class Attempt:
    """A try to sign in; ``company_id`` chooses one of several companies at once (USR-11)."""

    email: str
    password: str = field(repr=False)
    company_id: UUID | None = None
    ip: str | None = None
    request_id: str = ""
    #: Code of the authenticator, or a recovery code (SEC-29).
    otp: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Charged:
    """A user whom the address could mean, after the try was counted; a locked one has no hash to compare."""

    company_id: UUID
    company_name: str
    user_id: UUID
    password_hash: str | None = field(repr=False)
    failures: int
    locked_before: datetime | None = None
    #: Set when this try is the one that locks the account.
    locks_until: datetime | None = None


Session = Callable[[UnitOfWork, UUID], T]


def sign_in(core: Core, attempt: Attempt, open_session: "Session[T]") -> T:
    """Check the password against each company that knows the address and open a session in the one that matches.

    Args:
        core: services of the process.
        attempt: what was sent.
        open_session: called with a unit of work of the company and the user's id; committed here.

    Returns:
        What ``open_session`` returned.

    Raises:
        Problem: ``unauthenticated``, ``rate_limited``, or ``conflict`` with ``companies`` when several match.
    """
    charge_address(core, SUBJECT, attempt.ip)
    charged = [_charge(core, *found) for found in _candidates(core, attempt)]
    matching = _matching(charged, attempt.password)
    if not matching:
        _settle_failure(core, charged, attempt)
        raise Problem("unauthenticated", REFUSED)
    if len(matching) == 1:
        _check_second_factor(core, matching[0], attempt)
    refund_address(core, SUBJECT, attempt.ip)
    for one in charged:
        _take_back(core, one, right=one in matching)
    if len(matching) > 1:
        raise _several(matching)
    return _enter(core, matching[0], attempt, open_session)


def _candidates(core: Core, attempt: Attempt) -> list[tuple[UUID, str, UUID]]:
    if len(attempt.email) > 254 or "\x00" in attempt.email or len(attempt.password) > LONGEST:
        return []
    if attempt.company_id is not None:
        return _in_company(core, attempt.company_id, attempt.email)
    with before_company(core) as connection:
        rows = connection.exec_driver_sql(
            "SELECT * FROM lf_sign_in_candidates(%(email)s)", {"email": attempt.email}
        )
        return [(row.company_id, row.company_name, row.user_id) for row in rows]


def _in_company(core: Core, company_id: UUID, email: str) -> list[tuple[UUID, str, UUID]]:
    with core.unit_of_work(company_id) as uow:
        user_id = uow.session.execute(
            select(User.id).where(User.email == email, User.can_sign_in, User.is_active)
        ).scalar_one_or_none()
    return [(company_id, "", user_id)] if user_id else []


def _charge(core: Core, company_id: UUID, name: str, user_id: UUID) -> Charged:
    now = core.clock()
    with core.unit_of_work(company_id) as uow:
        charge_company(uow, SUBJECT, now)
        user = uow.session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one()
        if user.locked_until is not None and user.locked_until > now:
            return Charged(company_id, name, user_id, None, user.failed_logins)
        failures, pause = user.failed_logins + 1, lock_after(user.failed_logins + 1)
        until = now + pause if pause else None
        _set(uow, user_id, failed_logins=failures, locked_until=until or user.locked_until)
        uow.commit()
    return Charged(company_id, name, user_id, user.password_hash, failures, user.locked_until, until)


def _set(uow: UnitOfWork, user_id: UUID, **values: Any) -> None:
    """Write counters past the row's version and history: they are no edit of the user."""
    statement = update(User).where(User.id == user_id).values(**values, updated_at=User.updated_at)
    uow.session.execute(statement.execution_options(synchronize_session=False))


def _matching(charged: list[Charged], password: str) -> list[Charged]:
    """Without anybody to compare with the same work is done for nobody (SEC-20)."""
    if not charged:
        verify_password(None, password[:LONGEST])
    return [one for one in charged if verify_password(one.password_hash, password)]


def _settle_failure(core: Core, charged: list[Charged], attempt: Attempt) -> None:
    for one in charged:
        with core.unit_of_work(one.company_id) as uow:
            _record(uow, core.clock(), one, attempt, "auth.sign_in.failed", {"failures": one.failures})
            if one.locks_until is not None:
                new = {"failures": one.failures, "locked_until": one.locks_until.isoformat()}
                _record(uow, core.clock(), one, attempt, "auth.sign_in.locked", new)
            uow.commit()


def _take_back(core: Core, one: Charged, *, right: bool) -> None:
    """The right password clears the count; where the address means somebody else, the try never was (USR-11)."""
    with core.unit_of_work(one.company_id) as uow:
        refund_company(uow, SUBJECT)
        if right:
            _set(uow, one.user_id, failed_logins=0, locked_until=None)
        elif one.password_hash is not None:
            _set(uow, one.user_id, failed_logins=one.failures - 1, locked_until=one.locked_before)
        uow.commit()


def _check_second_factor(core: Core, one: Charged, attempt: Attempt) -> None:
    """Insist on the second factor of who has one. A wrong code is a failed try, a missing one is none (SEC-29)."""
    with core.unit_of_work(one.company_id) as uow:
        outcome = second_factor(uow, core, one.user_id, attempt.otp)
        uow.commit()
    if outcome is Outcome.PASSED:
        return
    if outcome is Outcome.MISSING:
        refund_address(core, SUBJECT, attempt.ip)
        _take_back(core, one, right=False)
        raise Problem("unauthenticated", CODE_NEEDED, extra={"mfa_required": True})
    _settle_failure(core, [one], attempt)
    raise Problem("unauthenticated", CODE_WRONG, extra={"mfa_required": True})


def _several(matching: list[Charged]) -> Problem:
    choices = [{"id": str(one.company_id), "name": one.company_name} for one in matching]
    return Problem("conflict", "Choose the company (member company).", extra={"companies": choices})


def _enter(core: Core, one: Charged, attempt: Attempt, open_session: "Session[T]") -> T:
    now = core.clock()
    with core.unit_of_work(one.company_id) as uow:
        fresh: dict[str, Any] = {"last_login_at": now}
        if one.password_hash and needs_rehash(one.password_hash):
            fresh["password_hash"] = hash_password(attempt.password)
        _set(uow, one.user_id, **fresh)
        opened = open_session(uow, one.user_id)
        _record(uow, now, one, attempt, "auth.sign_in.done", {})
        uow.commit()
    return opened


def _record(
    uow: UnitOfWork, now: datetime, one: Charged, attempt: Attempt, action: str, new: dict[str, Any]
) -> None:
    audit.write(
        uow,
        occurred_at=now,
        actor=attempt.email,
        user_id=one.user_id,
        request_id=attempt.request_id,
        ip=attempt.ip,
        action=action,
        entity_type="app_user",
        entity_id=one.user_id,
        new=new,
    )
