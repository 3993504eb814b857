"""REST of what accounts owe (domain-core.md §9)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.receivables import queries, schemas
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("receivables", __name__, description="Balances and statements of accounts")


@blp.endpoint("GET", "/accounts/<uuid:account_id>/balance", permission="account.view", out=schemas.BalanceOut)
def read_balance(ctx: CompanyContext, account_id: UUID) -> dict[str, Any]:
    """What an account owes today, and what it may still charge (ACT-07)."""
    return queries.account_balance(ctx, account_id)


@blp.endpoint(
    "GET", "/accounts/<uuid:account_id>/statement", permission="account.view", query=schemas.StatementQuery,
    out=schemas.StatementOut,
)  # fmt: skip
def read_statement(ctx: CompanyContext, query: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """The open items of a range of dates."""
    return queries.statement(ctx, account_id, query)
