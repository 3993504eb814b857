"""Use cases of one's own second factor: begin, prove, switch off (SEC-29)."""

import base64
import binascii
import json
from datetime import timedelta

from sqlalchemy import select

from lunarfront.kernel import audit
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.auth.totp import matching_step, new_seed, seed_text, setup_uri
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.identity.own_password import confirm, count_failure
from lunarfront.kernel.identity.second_factor import new_recovery_codes, remove_factor, seed_sealer, use_code
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.secretbox import SealBrokenError

ENROLMENT_LIFETIME = timedelta(minutes=10)


def begin(ctx: CompanyContext, core: Core, password: str) -> dict[str, str]:
    """Return a fresh seed for an authenticator app. It is stored only when the first code proved it.

    Raises:
        Problem: ``validation_failed`` for a wrong password, ``conflict`` when there is a second factor already.
    """
    user = confirm(ctx, password)
    if user.mfa_secret is not None:
        raise Problem("conflict", "There is a second factor already. Switch it off first.")
    seed, ends = new_seed(), ctx.now + ENROLMENT_LIFETIME
    note = json.dumps({"user": str(user.id), "seed": seed.hex(), "ends": int(ends.timestamp())})
    sealed = base64.urlsafe_b64encode(seed_sealer(core).seal(note.encode())).decode("ascii")
    uri = setup_uri(seed, user.email or user.full_name, f"LunarFront {ctx.company.name}")
    return {"secret": seed_text(seed), "uri": uri, "enrolment": sealed}


def confirm_first_code(ctx: CompanyContext, core: Core, enrolment: str, code: str) -> dict[str, list[str]]:
    """Store the seed of an enrolment whose code is right and return recovery codes.

    Raises:
        Problem: ``validation_failed`` for an old enrolment or a wrong code, ``conflict`` for a second factor twice.
    """
    seed = _seed_of(ctx, core, enrolment)
    step = matching_step(seed, code.replace(" ", ""), ctx.now, None) if code.isascii() else None
    if step is None:
        raise invalid("otp", "validation_failed", "This is not the code that the app shows now.")
    user = ctx.uow.session.execute(
        select(User).where(User.id == ctx.require_user().id).with_for_update()
    ).scalar_one()
    if user.mfa_secret is not None:
        raise Problem("conflict", "There is a second factor already. Switch it off first.")
    user.mfa_secret, user.mfa_last_step = seed_sealer(core).seal(seed), step
    audit.record(ctx, "user.mfa.set", "app_user", user.id)
    return {"recovery_codes": new_recovery_codes(ctx, user.id)}


def _seed_of(ctx: CompanyContext, core: Core, enrolment: str) -> bytes:
    try:
        note = json.loads(seed_sealer(core).open(base64.urlsafe_b64decode(enrolment.encode("ascii"))))
    except (SealBrokenError, binascii.Error, UnicodeEncodeError):
        raise invalid("enrolment", "validation_failed", "This was not begun here.") from None
    if note["user"] != str(ctx.require_user().id) or note["ends"] <= ctx.now.timestamp():
        raise invalid("enrolment", "validation_failed", "This has ended. Begin again.")
    return bytes.fromhex(note["seed"])


def disable(ctx: CompanyContext, core: Core, password: str, code: str) -> None:
    """Switch one's own second factor off.

    Raises:
        Problem: ``validation_failed`` for a wrong password or code, ``conflict`` when there is none.
    """
    user = confirm(ctx, password)
    if user.mfa_secret is None:
        raise Problem("conflict", "There is no second factor.")
    if not use_code(ctx.uow, core, user, code, ctx.now):
        ctx.uow.on_failure(lambda uow: count_failure(uow, ctx))
        raise invalid("otp", "validation_failed", "This code is wrong or was used before.")
    remove_factor(ctx, user)
