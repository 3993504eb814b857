"""Use case: make an account (ACT-01 to ACT-03, ACT-12)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.accounts.queries.duplicates import find_duplicates
from lunarfront.domains.accounts.service.columns import (
    account_search,
    audited,
    contact_columns,
    legacy_columns,
)
from lunarfront.domains.accounts.service.duplicates import record_confirmed, refuse_unconfirmed
from lunarfront.domains.accounts.service.numbers import new_account_number
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import FieldError, Problem, invalid

#: Sent with an account, but no columns of it.
_ANSWERS = ("no_contact", "confirm_duplicate")


def create_account(ctx: CompanyContext, body: Mapping[str, Any]) -> UUID:
    """Make an account and return its id.

    Args:
        ctx: the context.
        body: fields of ``AccountIn``; ``no_contact`` says that there is neither phone nor email (ACT-01),
            ``confirm_duplicate`` that the account is wanted beside those that look like it (ACT-03).

    Raises:
        Problem: ``validation_failed``, ``money_precision``, ``possible_duplicate``, or ``conflict`` when the
            legacy id is known.
    """
    sent = contact_columns(ctx, {name: value for name, value in body.items() if name not in _ANSWERS})
    check_credit_limit(ctx, sent)
    _check_contact(sent, body.get("no_contact", False))
    values = sent | legacy_columns(ctx, sent)
    candidates = find_duplicates(ctx, values)
    refuse_unconfirmed(candidates, body.get("confirm_duplicate", False))
    account = _add(ctx, values)
    record_confirmed(ctx, account.id, candidates)
    return account.id


def _add(ctx: CompanyContext, values: dict[str, Any]) -> Account:
    values = values | {"account_number": new_account_number(ctx)}
    account = Account(**values, **account_search(values))
    ctx.uow.session.add(account)
    ctx.uow.session.flush()
    audit.record(ctx, "account.account.created", "account", account.id, new=audited(values))
    return account


def _check_contact(values: Mapping[str, Any], no_contact: bool) -> None:
    """Insist on phone or email, or on the word that there is none (ACT-01)."""
    if values.get("email") or values.get("phone_e164") or no_contact:
        return
    message = "Give a phone number or an email address, or send no_contact: true."
    errors = tuple(FieldError(name, "validation_failed", message) for name in ("email", "phone"))
    raise Problem("validation_failed", message, errors=errors)


def check_credit_limit(ctx: CompanyContext, values: Mapping[str, Any]) -> None:
    """Insist that a limit has no more decimals than the currency (MON-01)."""
    limit = values.get("credit_limit")
    if limit is not None and limit != limit.quantize(ctx.unit):
        raise invalid("credit_limit", "money_precision", f"{ctx.company.currency} has no such small unit.")
