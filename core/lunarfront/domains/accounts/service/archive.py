"""Use cases: archive an account and bring it back (ACT-05, GEN-04)."""

from uuid import UUID

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.accounts.parts import parts
from lunarfront.domains.accounts.service.update import refuse_ended
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import active_values, apply, load_for_edit
from lunarfront.kernel.problems import Problem


def archive_account(ctx: CompanyContext, account_id: UUID, expected_version: int) -> None:
    """Hide an account that nothing is open with (ACT-05).

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``invalid_transition``, ``account_in_use``.
    """
    account = load_for_edit(ctx, Account, account_id, expected_version)
    refuse_ended(account)
    refuse_in_use(ctx, account)
    _set_active(ctx, account, False)


def restore_account(ctx: CompanyContext, account_id: UUID, expected_version: int) -> None:
    """Show an archived account again.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``invalid_transition``.
    """
    account = load_for_edit(ctx, Account, account_id, expected_version)
    refuse_ended(account)
    _set_active(ctx, account, True)


def _set_active(ctx: CompanyContext, account: Account, is_active: bool) -> None:
    if account.is_active == is_active:
        return
    old, new = apply(ctx, account, active_values(ctx, is_active))
    action = "account.account.restored" if is_active else "account.account.archived"
    audit.record(ctx, action, "account", account.id, old=old, new=new)


def refuse_in_use(ctx: CompanyContext, account: Account) -> None:
    """Insist that nothing is open with an account (ACT-05).

    Raises:
        Problem: ``account_in_use`` with ``reasons``, a list of ``{"reason", "detail"}``.
    """
    uses = [use for part in parts() for use in part.uses(ctx, account.id)]
    if uses:
        detail = "; ".join(use.detail for use in uses)
        reasons = [{"reason": use.reason, "detail": use.detail} for use in uses]
        raise Problem("account_in_use", f"{account.account_number}: {detail}.", extra={"reasons": reasons})
