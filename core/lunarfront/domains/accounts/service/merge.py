"""Use case: two accounts of the same customer become one (ACT-04)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, func, update

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.accounts.parts import parts
from lunarfront.domains.accounts.service.members import active_members, lock_account
from lunarfront.domains.accounts.service.update import refuse_ended
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply
from lunarfront.kernel.problems import Problem, invalid


def merge_accounts(ctx: CompanyContext, kept_id: UUID, removed_id: UUID) -> dict[str, int]:
    """Move everything of one account to another and return the rows moved by table (ACT-04).

    Append-only rows keep the old id, which ``merged_into_id`` leads on from; balances add up to the cent.

    Raises:
        Problem: ``not_found``, ``validation_failed``, ``invalid_transition``.
    """
    kept, removed = _lock_both(ctx, kept_id, removed_id)
    _give_up_primary(ctx, kept, removed)
    counts = {
        table.name: _move_rows(ctx, table, column, kept, removed) for table, column in account_references()
    }
    for part in parts():
        counts |= part.merge(ctx, kept.id, removed.id)
    ctx.uow.flush()
    ctx.uow.session.expire_all()
    moved = {name: count for name, count in counts.items() if count}
    ended = {"merged_into_id": kept.id, "is_active": False, "archived_at": ctx.now}
    apply(ctx, removed, ended)
    audit.record(
        ctx, "account.account.merged", "account", removed.id,
        old={"merged_into_id": None}, new={"merged_into_id": kept.id, "rows": moved},
    )  # fmt: skip
    return moved


def account_references() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield each column that refers to an account and can be changed, as the tables themselves say."""
    own = frozenset(name for part in parts() for name in part.tables)
    for table in Account.metadata.sorted_tables:
        if table.info.get("append_only") or table.name in own:
            continue
        yield from ((table, column) for column in table.columns if column.info.get("tenant_fk") == "account")


def _lock_both(ctx: CompanyContext, kept_id: UUID, removed_id: UUID) -> tuple[Account, Account]:
    if kept_id == removed_id:
        raise invalid("account_id", "validation_failed", "Name another account: this is the one that stays.")
    locked = {account_id: lock_account(ctx, account_id) for account_id in sorted((kept_id, removed_id))}
    for account in locked.values():
        refuse_ended(account)
    if not locked[kept_id].is_active:
        raise Problem(
            "invalid_transition", f"{locked[kept_id].account_number} is archived: restore it first."
        )
    return locked[kept_id], locked[removed_id]


def _give_up_primary(ctx: CompanyContext, kept: Account, removed: Account) -> None:
    """An account has one primary member: the kept one's stays (ACT-09)."""
    if not active_members(ctx, kept.id):
        return
    for member in active_members(ctx, removed.id):
        if member.is_primary:
            apply(ctx, member, {"is_primary": False, "relation": "other"})


def _move_rows(
    ctx: CompanyContext, table: Table, column: Column[Any], kept: Account, removed: Account
) -> int:
    values: dict[str, Any] = {column.name: kept.id}
    if "version" in table.columns:
        values |= {"version": table.c.version + 1, "updated_at": func.now()}
    statement = update(table).where(table.c.company_id == ctx.company.id, column == removed.id).values(values)
    return int(ctx.uow.connection.execute(statement).rowcount)
