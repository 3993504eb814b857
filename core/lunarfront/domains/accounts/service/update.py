"""Use case: change an account (ACT-02, ACT-03, OCC-01)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.accounts.queries.duplicates import find_duplicates
from lunarfront.domains.accounts.service.columns import account_search, audited, contact_columns
from lunarfront.domains.accounts.service.create import check_credit_limit
from lunarfront.domains.accounts.service.duplicates import record_confirmed, refuse_unconfirmed
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load_for_edit
from lunarfront.kernel.problems import Problem

CONTACT = ("email", "phone_e164")
_COMPARED = ("display_name", "kind", "email", "phone_e164", "postal_code", "account_number")


def update_account(
    ctx: CompanyContext, account_id: UUID, body: Mapping[str, Any], expected_version: int
) -> None:
    """Change what was sent; a new contact is compared with other accounts (ACT-03).

    A name that changes is no longer checked (RET-11), unless the change says so. A merged or erased account
    stays as it is.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``invalid_transition``, ``validation_failed``,
            ``possible_duplicate``.
    """
    account = load_for_edit(ctx, Account, account_id, expected_version)
    refuse_ended(account)
    confirmed = body.get("confirm_duplicate", False)
    values = contact_columns(
        ctx, {name: value for name, value in body.items() if name != "confirm_duplicate"}
    )
    check_credit_limit(ctx, values)
    _check_more_credit(ctx, account, values)
    after = {name: getattr(account, name) for name in _COMPARED} | values
    candidates = _look_alikes(ctx, account, after)
    refuse_unconfirmed(candidates, confirmed)
    if values.get("display_name", account.display_name) != account.display_name:
        values.setdefault("name_checked", False)
    for name, value in account_search(after).items():
        setattr(account, name, value)
    old, new = apply(ctx, account, values)
    if new:
        audit.record(
            ctx, "account.account.updated", "account", account.id, old=audited(old), new=audited(new)
        )
        record_confirmed(ctx, account.id, candidates)


def _look_alikes(ctx: CompanyContext, account: Account, after: Mapping[str, Any]) -> list[Any]:
    """Compare the contact that is new, not the one that was confirmed before."""
    changed = {name: after[name] for name in CONTACT if after[name] and after[name] != getattr(account, name)}
    if not changed:
        return []
    compared = {"display_name": after["display_name"], "kind": after["kind"]} | changed
    return find_duplicates(ctx, compared, without=account.id, by_name=False)


def _check_more_credit(ctx: CompanyContext, account: Account, values: Mapping[str, Any]) -> None:
    """A higher limit is what ``ar.credit.override`` is needed for, said once for all sales (ACT-07)."""
    before, after = account.credit_limit, values.get("credit_limit", account.credit_limit)
    if before is not None and (after is None or after > before):
        ctx.require("ar.credit.override")


def refuse_ended(account: Account) -> None:
    """Insist that the account is neither merged away nor erased.

    Raises:
        Problem: ``invalid_transition``.
    """
    if account.merged_into_id is not None:
        raise Problem("invalid_transition", f"{account.account_number} was merged into another account.")
    if account.erased_at is not None:
        raise Problem("invalid_transition", f"{account.account_number} was erased.")
