"""What stored value keeps for an account: store credit, which merges as a sum of entries (ACT-04, ACT-05)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.accounts.parts import AccountPart, Use
from lunarfront.domains.stored_value.models import StoreCredit
from lunarfront.domains.stored_value.service import lock_credit
from lunarfront.kernel.context import CompanyContext


def uses(ctx: CompanyContext, account_id: UUID) -> list[Use]:
    """An account with store credit is in use."""
    balance = store_credit(ctx, account_id)
    return [Use("store_credit", f"store credit {balance} {ctx.company.currency}")] if balance else []


def merge(ctx: CompanyContext, kept: UUID, removed: UUID) -> Mapping[str, int]:
    """Move the balance by an entry on either side; entries stay where they were written (AUD-03)."""
    if not store_credit(ctx, removed):
        return {}
    locked = {account_id: lock_credit(ctx, account_id) for account_id in sorted((kept, removed))}
    amount = locked[removed].balance
    locked[removed].move(ctx, "adjust", -amount, None)
    locked[kept].move(ctx, "adjust", amount, None)
    return {"store_credit": 1}


def export(ctx: CompanyContext, account_id: UUID) -> Mapping[str, Any]:
    """Return the store credit."""
    return {"store_credit": store_credit(ctx, account_id)}


def store_credit(ctx: CompanyContext, account_id: UUID) -> Decimal:
    """Return the balance of an account's store credit."""
    found = select(StoreCredit.balance).where(StoreCredit.account_id == account_id)
    balance: Decimal | None = ctx.uow.session.execute(found).scalar_one_or_none()
    return balance or Decimal(0)


PART = AccountPart(uses=uses, merge=merge, export=export, tables=frozenset({"store_credit"}))
