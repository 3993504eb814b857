"""What has ended long ago is cleared away (SEC-62)."""

from collections.abc import Callable
from typing import Any

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.identity.jobs import clean_sign_ins
from lunarfront.kernel.tenancy.contexts import job_context
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock

TABLES = ("auth_session", "refresh_token", "password_reset", "rate_counter", "address_counter")


def clean(ctx: CompanyContext, clock: Clock) -> dict[str, int]:
    work = job_context(ctx.uow)
    work.now = clock()
    clean_sign_ins(work, {})
    ctx.uow.commit()
    return {table: ctx.uow.query(f"SELECT count(*) AS n FROM {table}")[0].n for table in TABLES}


def test_sec_62_ended_sign_ins_are_cleared_after_their_time(
    login: Callable[..., Any], nobody: ApiClient, ctx: CompanyContext, clock: Clock
) -> None:
    login()
    login(password="wrong wrong")
    nobody.post("/auth/password-reset", {"email": "staff@a.example"})
    assert all(clean(ctx, clock).values()), "what lives stays"
    clock.forward(days=31)
    later = clean(ctx, clock)
    assert later["auth_session"] == 1
    assert later["refresh_token"] == later["rate_counter"] == later["address_counter"] == 0
    clock.forward(days=120)
    assert not any(clean(ctx, clock).values())
