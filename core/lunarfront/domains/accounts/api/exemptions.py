"""Tax exemptions of accounts (TAX-09, TAX-13)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries.lists import get_exemption, list_exemptions
from lunarfront.domains.accounts.schemas import exemptions as schemas
from lunarfront.domains.accounts.service import exemptions
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("exemptions", __name__, description="Certificates that free accounts from tax")
Answer = dict[str, Any]
OF_ACCOUNT = "/accounts/<uuid:account_id>/exemptions"
ONE = OF_ACCOUNT + "/<uuid:exemption_id>"


@blp.endpoint(
    "GET", "/exemptions", permission="account.view", query=schemas.ExemptionQuery, out=schemas.ExemptionPage
)
def list_all_exemptions(ctx: CompanyContext, query: Answer) -> Answer:
    """List the certificates of all accounts: what waits for approval, what has run out."""
    return list_exemptions(ctx, query)


@blp.endpoint(
    "GET", OF_ACCOUNT, permission="account.view", query=schemas.ExemptionQuery, out=schemas.ExemptionPage
)
def list_account_exemptions(ctx: CompanyContext, query: Answer, account_id: UUID) -> Answer:
    """List an account's certificates."""
    return list_exemptions(ctx, query, account_id)


@blp.endpoint(
    "POST",
    OF_ACCOUNT,
    permission="account.edit",
    body=schemas.ExemptionIn,
    out=schemas.ExemptionOut,
    status=201,
)
def create_exemption(ctx: CompanyContext, body: Answer, account_id: UUID) -> Any:
    """Note a certificate; it counts once it is approved (TAX-13)."""
    return get_exemption(ctx, exemptions.create_exemption(ctx, account_id, body))


@blp.endpoint("GET", ONE, permission="account.view", out=schemas.ExemptionOut)
def read_exemption(ctx: CompanyContext, account_id: UUID, exemption_id: UUID) -> Any:
    """Read a certificate."""
    return get_exemption(ctx, exemption_id, account_id)


@blp.endpoint(
    "PATCH",
    ONE,
    permission="account.edit",
    body=schemas.ExemptionChange,
    out=schemas.ExemptionOut,
    locked=True,
)
def update_exemption(
    ctx: CompanyContext, body: Answer, account_id: UUID, exemption_id: UUID, expected_version: int
) -> Any:
    """Change a pending certificate, or enter the new one of an expired one."""
    exemptions.change_exemption(ctx, account_id, exemption_id, body, expected_version)
    return get_exemption(ctx, exemption_id)


@blp.endpoint(
    "POST", "/exemptions/<uuid:exemption_id>/approve", permission="account.exemption.approve",
    body=schemas.ApproveIn, out=schemas.ExemptionOut,
)  # fmt: skip
def approve_exemption(ctx: CompanyContext, body: Answer, exemption_id: UUID) -> Any:
    """Let a certificate count; it needs its number and last day (TAX-13)."""
    return get_exemption(ctx, exemptions.approve_exemption(ctx, exemption_id, body))


@blp.endpoint(
    "POST", "/exemptions/<uuid:exemption_id>/revoke", permission="account.exemption.approve",
    body=schemas.RevokeIn, out=schemas.ExemptionOut,
)  # fmt: skip
def revoke_exemption(ctx: CompanyContext, body: Answer, exemption_id: UUID) -> Any:
    """End a certificate for good."""
    return get_exemption(ctx, exemptions.revoke_exemption(ctx, exemption_id, body.get("note")))
