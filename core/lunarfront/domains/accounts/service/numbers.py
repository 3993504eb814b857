"""Numbers of accounts and members (ACT-09, ACT-12)."""

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from lunarfront.domains.accounts.models import Account, Member
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.numbering import next_number
from lunarfront.kernel.problems import Problem

MEMBER_PREFIX = "M-"
RANDOM_NUMBERS = 1_000_000
MAX_TRIES = 200


def new_account_number(ctx: CompanyContext) -> str:
    """Return a free account number by the company's style: prefix and counter, or six random digits (ACT-12)."""
    return _free(Account.account_number, ctx, _numbers(ctx, "account", ctx.setting("account_number_prefix")))


def new_member_number(ctx: CompanyContext) -> str:
    """Return a free member number; it follows the style of account numbers (ACT-09)."""
    return _free(Member.member_number, ctx, _numbers(ctx, "member", MEMBER_PREFIX))


def _numbers(ctx: CompanyContext, kind: str, prefix: str) -> Callable[[], str]:
    if ctx.setting("account_number_style") == "random6":
        return lambda: f"{secrets.randbelow(RANDOM_NUMBERS):06d}"
    return lambda: f"{prefix}{next_number(ctx.uow, kind):05d}"


def _free(column: Any, ctx: CompanyContext, draw: Callable[[], str]) -> str:
    """Draw until a number is free; a clash with a row of the same moment is refused by the database."""
    for _ in range(MAX_TRIES):
        number = draw()
        if ctx.uow.session.execute(select(column).where(column == number)).first() is None:
            return number
    raise Problem("conflict", "There are hardly any free numbers left: choose the counter as number style.")
