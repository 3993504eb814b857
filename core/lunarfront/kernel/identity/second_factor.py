"""The second factor at sign-in: a code of the authenticator, or a recovery code (SEC-29)."""

import base64
import secrets
from datetime import datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import delete, select, update

from lunarfront.kernel import audit
from lunarfront.kernel.auth.models import MfaRecoveryCode, User
from lunarfront.kernel.auth.secrets import digest
from lunarfront.kernel.auth.totp import matching_step
from lunarfront.kernel.config import ensure_secret_key
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.secretbox import Sealer, sealer
from lunarfront.kernel.uow import UnitOfWork

RECOVERY_CODES = 10


class Outcome(Enum):
    """What became of the second factor: passed (also where there is none), no code sent, or a wrong one."""

    PASSED = "passed"
    MISSING = "missing"
    WRONG = "wrong"


def second_factor(uow: UnitOfWork, core: Core, user_id: UUID, code: str | None) -> Outcome:
    """Check the code of a user who has a second factor and use it up; the caller commits."""
    user = uow.session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one()
    if user.mfa_secret is None:
        return Outcome.PASSED
    if not code:
        return Outcome.MISSING
    return Outcome.PASSED if use_code(uow, core, user, code, core.clock()) else Outcome.WRONG


def use_code(uow: UnitOfWork, core: Core, user: User, code: str, now: datetime) -> bool:
    """Tell whether a code is right, and use it up. ``user`` must be locked."""
    plain = code.replace(" ", "").replace("-", "").upper()
    seed = seed_sealer(core).open(user.mfa_secret or b"")
    step = matching_step(seed, plain, now, user.mfa_last_step) if plain.isascii() else None
    if step is None:
        return _use_recovery_code(uow, user.id, plain, now)
    used = update(User).where(User.id == user.id).values(mfa_last_step=step, updated_at=User.updated_at)
    uow.session.execute(used.execution_options(synchronize_session=False))
    return True


def _use_recovery_code(uow: UnitOfWork, user_id: UUID, plain: str, now: datetime) -> bool:
    which = (
        MfaRecoveryCode.user_id == user_id,
        MfaRecoveryCode.hash == digest(plain),
        MfaRecoveryCode.used_at.is_(None),
    )
    used = update(MfaRecoveryCode).where(*which).values(used_at=now)
    result = uow.session.execute(used.execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def new_recovery_codes(ctx: CompanyContext, user_id: UUID) -> list[str]:
    """Replace a user's recovery codes and return the new ones, as they are shown once."""
    ctx.uow.session.execute(delete(MfaRecoveryCode).where(MfaRecoveryCode.user_id == user_id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode("ascii") for _ in range(RECOVERY_CODES)]
    for code in codes:
        ctx.uow.add(MfaRecoveryCode, user_id=user_id, hash=digest(code))
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def remove_factor(ctx: CompanyContext, user: User) -> None:
    """Take a user's second factor away."""
    user.mfa_secret, user.mfa_last_step = None, None
    ctx.uow.session.execute(delete(MfaRecoveryCode).where(MfaRecoveryCode.user_id == user.id))
    audit.record(ctx, "user.mfa.removed", "app_user", user.id)


def seed_sealer(core: Core) -> Sealer:
    """Return what seals the seeds (SEC-44)."""
    return sealer("totp-seeds", ensure_secret_key(core.settings))
