"""Use case: forget who a customer was, keep what was bought (ACT-08, SEC-62, GEN-04)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select

from lunarfront.domains.accounts.models import Account, Member, MemberIdentifier
from lunarfront.domains.accounts.parts import parts
from lunarfront.domains.accounts.service.archive import refuse_in_use
from lunarfront.domains.accounts.service.columns import account_search, member_search
from lunarfront.domains.accounts.service.members import lock_account
from lunarfront.domains.accounts.service.update import refuse_ended
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import active_values, load_for_edit
from lunarfront.kernel.records import ChangeLog

_ACCOUNT_FIELDS = (
    "email", "phone_e164", "address_line1", "address_line2", "city", "region", "postal_code", "country", "notes",
)  # fmt: skip
_MEMBER_FIELDS = ("last_name", "email", "phone_e164", "birth_date", "is_minor_override", "notes")


def erase_account(ctx: CompanyContext, account_id: UUID, note: str | None, expected_version: int) -> None:
    """Replace what identifies an account and its members by "erased #number"; amounts, dates and tax stay.

    Accounts that were merged into it are erased with it, and so are identity papers and field history.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``invalid_transition``, ``account_in_use`` (ACT-05).
    """
    lock_account(ctx, account_id)
    account = load_for_edit(ctx, Account, account_id, expected_version)
    refuse_ended(account)
    refuse_in_use(ctx, account)
    accounts = _with_merged(ctx, account)
    members = _members(ctx, accounts)
    papers = _delete_papers(ctx, members)
    for each in accounts:
        _erase_account(ctx, each)
    for member in members:
        _erase_member(member)
    ctx.uow.session.flush()
    _delete_history(ctx, [row.id for row in (*accounts, *members)])
    counts = {"accounts": len(accounts), "members": len(members), "papers": papers}
    audit.record(ctx, "account.account.erased", "account", account.id, new=counts, note=note)


def _with_merged(ctx: CompanyContext, account: Account) -> Sequence[Account]:
    found = select(Account).where(or_(Account.id == account.id, Account.merged_into_id == account.id))
    return ctx.uow.session.execute(found.order_by(Account.id)).scalars().all()


def _members(ctx: CompanyContext, accounts: Sequence[Account]) -> Sequence[Member]:
    found = select(Member).where(Member.account_id.in_([account.id for account in accounts]))
    return ctx.uow.session.execute(found.order_by(Member.id)).scalars().all()


def _erase_account(ctx: CompanyContext, account: Account) -> None:
    for part in parts():
        part.erase(ctx, account.id)
    values: dict[str, Any] = dict.fromkeys(_ACCOUNT_FIELDS) | {
        "display_name": f"erased #{account.account_number}"
    }
    values |= account_search(values | {"account_number": account.account_number})
    values |= active_values(ctx, False) | {"name_checked": False, "erased_at": ctx.now}
    for name, value in values.items():
        setattr(account, name, value)


def _erase_member(member: Member) -> None:
    values: dict[str, Any] = dict.fromkeys(_MEMBER_FIELDS) | {"first_name": f"erased #{member.member_number}"}
    values |= member_search(values | {"member_number": member.member_number})
    for name, value in values.items():
        setattr(member, name, value)


def _delete_papers(ctx: CompanyContext, members: Sequence[Member]) -> int:
    ids = [member.id for member in members]
    found = select(MemberIdentifier).where(MemberIdentifier.member_id.in_(ids))
    papers = ctx.uow.session.execute(found).scalars().all()
    for paper in papers:
        ctx.uow.session.delete(paper)
    return len(papers)


def _delete_history(ctx: CompanyContext, row_ids: Sequence[UUID]) -> None:
    """The field history holds the old values, so it goes too; it is no proof of money (AUD-07)."""
    ctx.uow.flush()
    ctx.uow.session.execute(
        delete(ChangeLog)
        .where(ChangeLog.table_name.in_(("account", "member")), ChangeLog.row_id.in_(row_ids))
        .execution_options(synchronize_session=False)
    )
