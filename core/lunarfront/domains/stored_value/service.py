"""Store credit of an account: locked, moved by entries, never below zero (POS-34, POS-35)."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lunarfront.domains.stored_value.models import StoreCredit, StoredValueEntry
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7

_LOCK_SQL = """
SELECT id, balance, version FROM store_credit WHERE company_id = %(company)s AND account_id = %(account)s
FOR NO KEY UPDATE
"""
_CREATE_SQL = """
INSERT INTO store_credit (company_id, id, account_id) VALUES (%(company)s, %(id)s, %(account)s)
ON CONFLICT (company_id, account_id) DO NOTHING
"""


@dataclass
class Credit:
    """A locked store credit."""

    id: UUID
    balance: Decimal
    version: int

    def move(self, ctx: CompanyContext, kind: str, amount: Decimal, transaction_id: UUID | None) -> None:
        """Collect an entry of ``amount`` (signed) and the new balance; once per unit of work."""
        self.balance += amount
        ctx.uow.change(StoreCredit, self.id, self.version, balance=self.balance)
        ctx.uow.add(
            StoredValueEntry,
            store_credit_id=self.id,
            kind=kind,
            amount=amount,
            balance_after=self.balance,
            transaction_id=transaction_id,
            user_id=ctx.require_user().id,
        )


def lock_credit(ctx: CompanyContext, account_id: UUID) -> Credit:
    """Lock the store credit of an account, making it when there is none."""
    params = {"company": ctx.company.id, "account": account_id}
    rows = ctx.uow.query(_LOCK_SQL, params)
    if not rows:
        ctx.uow.execute(_CREATE_SQL, params | {"id": uuid7()})
        rows = ctx.uow.query(_LOCK_SQL, params)
    return Credit(rows[0].id, rows[0].balance, rows[0].version)
