"""Accounts: list, read, create, change, archive, merge, erase (ACT rules)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries.lists import get_account
from lunarfront.domains.accounts.queries.lists import list_accounts as read_accounts
from lunarfront.domains.accounts.schemas import accounts as schemas
from lunarfront.domains.accounts.service import archive, create, duplicates, erase, merge, update
from lunarfront.domains.accounts.service import export as exports
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("accounts", __name__, description="Customers: accounts with one balance each")
Answer = dict[str, Any]


@blp.endpoint(
    "GET", "/accounts", permission="account.view", query=schemas.AccountQuery, out=schemas.AccountPage
)
def list_accounts(ctx: CompanyContext, query: Answer) -> Answer:
    """List accounts by name; ``q`` finds them by name, phone, email, number or member (SRC-01)."""
    return read_accounts(ctx, query)


@blp.endpoint(
    "POST", "/accounts", permission="account.edit", body=schemas.AccountIn, out=schemas.AccountOut, status=201
)
def create_account(ctx: CompanyContext, body: Answer) -> Answer:
    """Make an account; 409 ``possible_duplicate`` with candidates when it may exist already (ACT-03)."""
    return get_account(ctx, create.create_account(ctx, body))


@blp.endpoint(
    "POST", "/accounts/check-duplicates", permission="account.view", body=schemas.DuplicateIn,
    out=schemas.CandidatesOut,
)  # fmt: skip
def check_duplicates(ctx: CompanyContext, body: Answer) -> Answer:
    """Look for accounts that look the same; stores nothing (ACT-03)."""
    return {"candidates": duplicates.check_duplicates(ctx, body)}


@blp.endpoint("GET", "/accounts/<uuid:account_id>", permission="account.view", out=schemas.AccountOut)
def read_account(ctx: CompanyContext, account_id: UUID) -> Answer:
    """Read an account; a merged one names its survivor."""
    return get_account(ctx, account_id)


@blp.endpoint(
    "PATCH", "/accounts/<uuid:account_id>", permission="account.edit", body=schemas.AccountChange,
    out=schemas.AccountOut, locked=True,
)  # fmt: skip
def update_account(ctx: CompanyContext, body: Answer, account_id: UUID, expected_version: int) -> Answer:
    """Change an account; a new contact is checked for duplicates (ACT-03)."""
    update.update_account(ctx, account_id, body, expected_version)
    return get_account(ctx, account_id)


@blp.endpoint(
    "DELETE", "/accounts/<uuid:account_id>", permission="account.archive", out=schemas.AccountOut, locked=True
)
def archive_account(ctx: CompanyContext, account_id: UUID, expected_version: int) -> Answer:
    """Archive an account; 409 ``account_in_use`` tells what is open (ACT-05)."""
    archive.archive_account(ctx, account_id, expected_version)
    return get_account(ctx, account_id)


@blp.endpoint(
    "POST",
    "/accounts/<uuid:account_id>/restore",
    permission="account.archive",
    out=schemas.AccountOut,
    locked=True,
)
def restore_account(ctx: CompanyContext, account_id: UUID, expected_version: int) -> Answer:
    """Bring an archived account back."""
    archive.restore_account(ctx, account_id, expected_version)
    return get_account(ctx, account_id)


@blp.endpoint(
    "POST", "/accounts/<uuid:account_id>/merge", permission="account.merge", body=schemas.MergeIn,
    out=schemas.MergeOut, idempotent=True,
)  # fmt: skip
def merge_account(ctx: CompanyContext, body: Answer, account_id: UUID) -> Answer:
    """Merge another account into this one (ACT-04)."""
    moved = merge.merge_accounts(ctx, account_id, body["account_id"])
    return {"account": get_account(ctx, account_id), "moved": moved}


@blp.endpoint(
    "POST", "/accounts/<uuid:account_id>/erase", permission="account.erase", body=schemas.EraseIn,
    out=schemas.AccountOut, locked=True,
)  # fmt: skip
def erase_account(ctx: CompanyContext, body: Answer, account_id: UUID, expected_version: int) -> Answer:
    """Forget who a customer was; what was bought stays (ACT-08)."""
    erase.erase_account(ctx, account_id, body.get("note"), expected_version)
    return get_account(ctx, account_id)


@blp.endpoint(
    "GET", "/accounts/<uuid:account_id>/export", permission="account.archive", out=schemas.ExportOut
)
def export_account(ctx: CompanyContext, account_id: UUID) -> Answer:
    """Everything kept about a customer, without identity papers; recorded (SEC-62)."""
    return exports.export_account(ctx, account_id)
