"""REST of the books (domain-core.md §9): chart, entries, trial balance. Reading only; flows post."""

from typing import Any
from uuid import UUID

from lunarfront.domains.ledger import books, schemas
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("accounting", __name__, description="Chart of accounts and journal")


@blp.endpoint(
    "GET", "/accounting/accounts", permission="accounting.view", out=page_schema(schemas.AccountCodeOut)
)
def list_account_codes(ctx: CompanyContext) -> dict[str, Any]:
    """List the chart of accounts."""
    return books.list_accounts(ctx)


@blp.endpoint(
    "GET",
    "/accounting/entries",
    permission="accounting.view",
    query=schemas.EntryQuery,
    out=schemas.EntryPage,
)
def list_entries(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List journal entries, newest first."""
    return books.list_entries(ctx, query)


@blp.endpoint(
    "GET", "/accounting/entries/<uuid:entry_id>", permission="accounting.view", out=schemas.EntryOut
)
def get_entry(ctx: CompanyContext, entry_id: UUID) -> dict[str, Any]:
    """Read an entry with its lines."""
    return books.get_entry(ctx, entry_id)


@blp.endpoint(
    "GET",
    "/accounting/trial-balance",
    permission="accounting.view",
    query=schemas.TrialBalanceQuery,
    out=schemas.TrialBalanceOut,
)
def get_trial_balance(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """Trial balance of a range of business dates."""
    return books.trial_balance(ctx, query)
