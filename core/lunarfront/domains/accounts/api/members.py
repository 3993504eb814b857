"""Members of an account and their identity papers (ACT-06, ACT-09 to ACT-11)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries.lists import get_member
from lunarfront.domains.accounts.queries.lists import list_members as read_members
from lunarfront.domains.accounts.schemas import members as schemas
from lunarfront.domains.accounts.service import identifiers, members
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.config import ensure_secret_key
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.secretbox import Sealer, sealer

blp = ApiBlueprint("members", __name__, description="Members of accounts and their identity papers")
Answer = dict[str, Any]
MEMBERS = "/accounts/<uuid:account_id>/members"
MEMBER = MEMBERS + "/<uuid:member_id>"
PAPERS = "/members/<uuid:member_id>/identifiers"
PAPER = PAPERS + "/<uuid:identifier_id>"


def _box() -> Sealer:
    return sealer(identifiers.PURPOSE, ensure_secret_key(core().settings))


@blp.endpoint("GET", MEMBERS, permission="account.view", query=schemas.MemberQuery, out=schemas.MemberPage)
def list_members(ctx: CompanyContext, query: Answer, account_id: UUID) -> Answer:
    """List the members of an account."""
    return read_members(ctx, account_id, query)


@blp.endpoint(
    "POST", MEMBERS, permission="account.edit", body=schemas.MemberIn, out=schemas.MemberOut, status=201
)
def create_member(ctx: CompanyContext, body: Answer, account_id: UUID) -> Answer:
    """Add a member; the first one is primary by itself (ACT-09)."""
    return get_member(ctx, account_id, members.add_member(ctx, account_id, body))


@blp.endpoint("GET", MEMBER, permission="account.view", out=schemas.MemberOut)
def read_member(ctx: CompanyContext, account_id: UUID, member_id: UUID) -> Answer:
    """Read a member."""
    return get_member(ctx, account_id, member_id)


@blp.endpoint(
    "PATCH", MEMBER, permission="account.edit", body=schemas.MemberChange, out=schemas.MemberOut, locked=True
)
def update_member(
    ctx: CompanyContext, body: Answer, account_id: UUID, member_id: UUID, expected_version: int
) -> Answer:
    """Change a member, move it to another account (ACT-06) or hand the primary place on (ACT-09)."""
    members.change_member(ctx, account_id, member_id, body, expected_version)
    return get_member(ctx, body.get("account_id", account_id), member_id)


@blp.endpoint(
    "DELETE", MEMBER, permission="account.edit", query=schemas.RemoveQuery, out=schemas.MemberOut, locked=True
)
def remove_member(
    ctx: CompanyContext, query: Answer, account_id: UUID, member_id: UUID, expected_version: int
) -> Answer:
    """Take a member off the list; a primary names another in the same request (ACT-09)."""
    members.remove_member(ctx, account_id, member_id, expected_version, query.get("new_primary_id"))
    return get_member(ctx, account_id, member_id)


@blp.endpoint(
    "GET", PAPERS, permission="member.identity.view", query=schemas.ListQuery, out=schemas.IdentifierPage
)
def list_identifiers(ctx: CompanyContext, query: Answer, member_id: UUID) -> Answer:
    """List a member's papers by kind and last four; recorded (ACT-11)."""
    return identifiers.view_identifiers(ctx, member_id, query)


@blp.endpoint(
    "POST", PAPERS, permission="member.identity.edit", body=schemas.IdentifierIn, out=schemas.IdentifierOut,
    status=201,
)  # fmt: skip
def create_identifier(ctx: CompanyContext, body: Answer, member_id: UUID) -> Answer:
    """Store a paper; its number is sealed."""
    return identifiers.add_identifier(ctx, _box(), member_id, body)


@blp.endpoint("GET", PAPER, permission="member.identity.view", out=schemas.IdentifierSeen)
def read_identifier(ctx: CompanyContext, member_id: UUID, identifier_id: UUID) -> Answer:
    """Read a paper with its number; recorded (ACT-11)."""
    return identifiers.view_identifier(ctx, _box(), member_id, identifier_id)


@blp.endpoint(
    "PATCH", PAPER, permission="member.identity.edit", body=schemas.IdentifierFields, out=schemas.IdentifierOut,
    locked=True,
)  # fmt: skip
def update_identifier(
    ctx: CompanyContext, body: Answer, member_id: UUID, identifier_id: UUID, expected_version: int
) -> Answer:
    """Change a paper."""
    return identifiers.change_identifier(ctx, _box(), member_id, identifier_id, body, expected_version)


@blp.endpoint("DELETE", PAPER, permission="member.identity.edit", status=204, locked=True)
def delete_identifier(
    ctx: CompanyContext, member_id: UUID, identifier_id: UUID, expected_version: int
) -> None:
    """Delete a paper for good."""
    identifiers.delete_identifier(ctx, member_id, identifier_id, expected_version)
