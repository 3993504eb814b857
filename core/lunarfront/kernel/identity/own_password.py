"""Use cases of one's own password and PIN: confirm, change, forgotten (SEC-20, SEC-22, SEC-28)."""

import base64
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from lunarfront.kernel import audit
from lunarfront.kernel.auth.lockout import lock_after
from lunarfront.kernel.auth.models import AuthSession, PasswordReset, User
from lunarfront.kernel.auth.password_rules import check_new_password
from lunarfront.kernel.auth.passwords import hash_password, verify_password
from lunarfront.kernel.auth.secrets import new_secret, read_secret
from lunarfront.kernel.auth.sessions import end_sessions
from lunarfront.kernel.config import ensure_secret_key
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.identity.counters import before_company, charge_address
from lunarfront.kernel.jobs.registry import kind_named
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.records import JobOutbox
from lunarfront.kernel.secretbox import Sealer, sealer
from lunarfront.kernel.tenancy.models import Company
from lunarfront.kernel.uow import UnitOfWork

RESET_PREFIX = "lp_"
RESET_LIFETIME = timedelta(minutes=30)
#: A second link is not made within this time of the first.
RESET_PAUSE = timedelta(minutes=2)
RESET_MAIL = "mail.password_reset"
LINK_ENDED = "This link has ended. Ask for a new one."


def confirm(ctx: CompanyContext, password: str, field: str = "password") -> User:
    """Insist on the password of the user who acts and return him; wrong tries count like failed sign-ins (USR-01).

    Raises:
        Problem: ``validation_failed`` on the field, ``rate_limited`` while the account is locked.
    """
    user = ctx.uow.session.execute(
        select(User).where(User.id == ctx.require_user().id).with_for_update()
    ).scalar_one()
    if user.locked_until is not None and user.locked_until > ctx.now:
        wait = int((user.locked_until - ctx.now).total_seconds()) + 1
        raise Problem("rate_limited", "Too many wrong passwords. Wait a moment.", extra={"retry_after": wait})
    if not verify_password(user.password_hash, password):
        ctx.uow.on_failure(lambda uow: count_failure(uow, ctx))
        raise invalid(field, "validation_failed", "This is not your password.")
    user.failed_logins, user.locked_until = 0, None
    return user


def count_failure(uow: UnitOfWork, ctx: CompanyContext) -> None:
    """Count a wrong password or code of the user who acts, as a failed sign-in is counted (USR-01)."""
    user_id = ctx.require_user().id
    user = uow.session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one()
    pause = lock_after(user.failed_logins + 1)
    values = {"failed_logins": user.failed_logins + 1, "updated_at": User.updated_at}
    if pause:
        values["locked_until"] = ctx.now + pause
    statement = update(User).where(User.id == user_id).values(values)
    uow.session.execute(statement.execution_options(synchronize_session=False))
    audit.write(
        uow,
        occurred_at=ctx.now,
        actor=ctx.actor,
        user_id=user_id,
        request_id=ctx.request_id,
        ip=ctx.ip,
        action="auth.password.wrong",
        entity_type="app_user",
        entity_id=user_id,
    )


def reauthenticate(ctx: CompanyContext, password: str) -> None:
    """Make this sign-in's password fresh again for acts of administration (SEC-22)."""
    confirm(ctx, password)
    if ctx.session is not None:
        fresh = update(AuthSession).where(AuthSession.id == ctx.session.id).values(authenticated_at=ctx.now)
        ctx.uow.session.execute(fresh.execution_options(synchronize_session=False))
    audit.record(ctx, "auth.password.confirmed", "app_user", ctx.require_user().id)


def change_password(ctx: CompanyContext, current: str, new: str) -> None:
    """Set one's own password and end all other sign-ins (SEC-22).

    Raises:
        Problem: ``validation_failed`` for a wrong or weak password.
    """
    if ctx.session is not None and ctx.session.kind == "pin":
        raise Problem("forbidden", "Sign in with your password first.")
    user = confirm(ctx, current, "current_password")
    set_password(ctx, user, new, field="new_password")
    end_sessions(ctx.uow, user.id, ctx.now, keep=ctx.session.id if ctx.session else None)


def set_password(ctx: CompanyContext, user: User, new: str, field: str = "password") -> None:
    """Set a checked password and clear the lock; the caller ends sessions."""
    check_new_password(new, ctx.company.name, field)
    user.password_hash, user.failed_logins, user.locked_until = hash_password(new), 0, None
    audit.record(ctx, "user.password.set", "app_user", user.id)


# --- forgotten ------------------------------------------------------------------------------------------------


def ask_reset(core: Core, email: str, ip: str | None) -> None:
    """Make a reset link for each company that knows the address and queue its mail; unknown addresses look the same.

    Raises:
        Problem: ``rate_limited``.
    """
    charge_address(core, "password_reset", ip)
    with before_company(core) as connection:
        found = connection.exec_driver_sql(
            "SELECT * FROM lf_sign_in_candidates(%(email)s)", {"email": email}
        ).all()
    verify_password(None, email)
    for row in found:
        with core.unit_of_work(row.company_id) as uow:
            make_reset(uow, core, row.user_id)
            uow.commit()


def make_reset(uow: UnitOfWork, core: Core, user_id: UUID) -> None:
    """Collect a reset link of a user and the mail that carries it; its token lies sealed in the queue (SEC-44).

    Without a module that sends mail the work is parked, where administrators see it (NTF-05).
    """
    now = core.clock()
    recent = select(PasswordReset.id).where(
        PasswordReset.user_id == user_id, PasswordReset.expires_at > now + RESET_LIFETIME - RESET_PAUSE
    )
    if uow.session.execute(recent).first():
        return
    secret = new_secret(uow.company_id, RESET_PREFIX)
    uow.add(PasswordReset, user_id=user_id, hash=secret.hash, expires_at=now + RESET_LIFETIME)
    sealed = base64.b64encode(reset_sealer(core).seal(secret.text.encode())).decode("ascii")
    payload = {"user_id": str(user_id), "sealed_token": sealed}
    parked = None if kind_named(RESET_MAIL) else now
    uow.add(JobOutbox, kind=RESET_MAIL, queue="mail", payload=payload, parked_at=parked)


def reset_sealer(core: Core) -> Sealer:
    """Return what seals the tokens of reset links on their way to the mail job."""
    return sealer("password-reset", ensure_secret_key(core.settings))


def reset_password(core: Core, token: str, new: str) -> None:
    """Set the password that a reset link allows, once, and end every sign-in of its user (SEC-20).

    Raises:
        Problem: ``unauthenticated`` for a used, old or unknown link; ``validation_failed`` for a weak password.
    """
    secret = read_secret(token, RESET_PREFIX)
    if secret is None:
        raise Problem("unauthenticated", LINK_ENDED)
    now = core.clock()
    with core.unit_of_work(secret.company_id) as uow:
        link = _locked_link(uow, secret.hash)
        if link is None or link.used_at is not None or link.expires_at <= now:
            raise Problem("unauthenticated", LINK_ENDED)
        name = uow.session.execute(select(Company.name).where(Company.id == uow.company_id)).scalar_one()
        check_new_password(new, name, "new_password")
        link.used_at = now
        _set_by_link(uow, link.user_id, new, core)
        uow.commit()


def _locked_link(uow: UnitOfWork, token_hash: bytes) -> PasswordReset | None:
    statement = select(PasswordReset).where(PasswordReset.hash == token_hash).with_for_update()
    return uow.session.execute(statement).scalar_one_or_none()


def _set_by_link(uow: UnitOfWork, user_id: UUID, new: str, core: Core) -> None:
    user = uow.session.execute(select(User).where(User.id == user_id)).scalar_one()
    if not (user.is_active and user.can_sign_in):
        raise Problem("unauthenticated", LINK_ENDED)
    user.password_hash, user.failed_logins, user.locked_until = hash_password(new), 0, None
    now = core.clock()
    end_sessions(uow, user.id, now)
    audit.write(
        uow,
        occurred_at=now,
        actor=user.email or user.full_name,
        user_id=user.id,
        action="user.password.reset",
        entity_type="app_user",
        entity_id=user.id,
    )
