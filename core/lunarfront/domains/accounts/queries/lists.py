"""Reads of accounts, members and certificates as the API shows them (ACT-10, TAX-13, SEC-62)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from lunarfront.domains.accounts.models import Account, Member, MemberIdentifier, TaxExemption
from lunarfront.domains.accounts.queries.search import MAX_HITS, ranked_accounts
from lunarfront.domains.accounts.rules import is_minor
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load
from lunarfront.kernel.problems import not_found
from lunarfront.kernel.text import folded

BIRTH_DATE_RIGHT = "member.identity.view"
ACCOUNT_SORTS = {
    "name": Account.name_sort,
    "number": Account.account_number,
    "created_at": Account.created_at,
    "updated_at": Account.updated_at,
}
EXEMPTION_SORTS = {"created_at": TaxExemption.created_at, "valid_from": TaxExemption.valid_from}
_EQUAL = ("kind", "email", "postal_code", "legacy_source", "legacy_id", "is_active")
_ACCOUNT_COLUMNS = tuple(Account.__table__.columns.keys())
_MEMBER_COLUMNS = tuple(Member.__table__.columns.keys())


def list_accounts(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of accounts; with ``q`` at most 20 that a search finds, best first (SRC-01, SRC-03).

    Archived accounts are hidden unless they are asked for (ACT-05).
    """
    statement = select(Account, _is_exempt(ctx))
    for name, value in ({"is_active": True} | dict(query)).items():
        if name in _EQUAL:
            statement = statement.where(getattr(Account, name) == value)
    if "q" in query:
        return _found(ctx, statement, query)
    return paginate(
        ctx, statement, query, sorts=ACCOUNT_SORTS, key=Account.id, default_sort="name", shape=_shaped_account
    )


def _found(ctx: CompanyContext, statement: Any, query: Mapping[str, Any]) -> dict[str, Any]:
    order = {account_id: place for place, account_id in enumerate(ranked_accounts(ctx, query["q"]))}
    rows = ctx.uow.session.execute(statement.where(Account.id.in_(order))).all()
    best = sorted(rows, key=lambda row: order[row[0].id])[: min(query["limit"], MAX_HITS)]
    answer: dict[str, Any] = {"items": [_shaped_account(row) for row in best], "next_cursor": None}
    return answer | ({"total": len(rows), "total_capped": False} if query["total"] else {})


def get_account(ctx: CompanyContext, account_id: UUID) -> dict[str, Any]:
    """Return an account.

    Raises:
        Problem: ``not_found``.
    """
    row = ctx.uow.session.execute(
        select(Account, _is_exempt(ctx)).where(Account.id == account_id)
    ).one_or_none()
    if row is None:
        raise not_found()
    return _shaped_account(row)


def _is_exempt(ctx: CompanyContext) -> ColumnElement[bool]:
    """An approved exemption that is valid today (domain-core.md §3.3)."""
    today = ctx.business_date()
    return exists().where(
        TaxExemption.company_id == Account.company_id,
        TaxExemption.account_id == Account.id,
        TaxExemption.status == "approved",
        TaxExemption.valid_from <= today,
        or_(TaxExemption.valid_to.is_(None), TaxExemption.valid_to >= today),
    )


def _shaped_account(row: Any) -> dict[str, Any]:
    account, tax_exempt = row[0], row[1]
    values = {name: getattr(account, name) for name in _ACCOUNT_COLUMNS}
    return values | {"phone": account.phone_e164, "tax_exempt": tax_exempt}


def list_members(ctx: CompanyContext, account_id: UUID, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of an account's members; ``q`` looks for a part of name, number or address."""
    load(ctx, Account, account_id)
    statement = select(Member).where(
        Member.account_id == account_id, Member.is_active == query.get("is_active", True)
    )
    if "q" in query:
        statement = statement.where(Member.search_text.contains(folded(query["q"]), autoescape=True))
    sorts = {"name": Member.search_text, "number": Member.member_number, "created_at": Member.created_at}
    return paginate(
        ctx, statement, query, sorts=sorts, key=Member.id, default_sort="created_at",
        shape=lambda row: member_view(ctx, row[0]),
    )  # fmt: skip


def get_member(ctx: CompanyContext, account_id: UUID, member_id: UUID) -> dict[str, Any]:
    """Return a member of an account.

    Raises:
        Problem: ``not_found``.
    """
    member = load(ctx, Member, member_id)
    if member.account_id != account_id:
        raise not_found()
    return member_view(ctx, member)


def member_view(ctx: CompanyContext, member: Member) -> dict[str, Any]:
    """Return a member with ``is_minor`` (ACT-10); a minor's birth date is shown to few (SEC-62)."""
    minor = is_minor(member.birth_date, member.is_minor_override, ctx.business_date())
    values = {name: getattr(member, name) for name in _MEMBER_COLUMNS}
    if minor and not ctx.rights.allows(BIRTH_DATE_RIGHT):
        values["birth_date"] = None
    return values | {"is_minor": minor, "phone": member.phone_e164}


def list_exemptions(
    ctx: CompanyContext, query: Mapping[str, Any], account_id: UUID | None = None
) -> dict[str, Any]:
    """Return a page of certificates, of one account or of all: what waits or has run out is work (TAX-13)."""
    statement = select(TaxExemption)
    if account_id is not None:
        load(ctx, Account, account_id)
        statement = statement.where(TaxExemption.account_id == account_id)
    if "status" in query:
        statement = statement.where(TaxExemption.status == query["status"])
    if "valid_to_before" in query:
        statement = statement.where(TaxExemption.valid_to < query["valid_to_before"])
    if "q" in query:
        statement = statement.where(TaxExemption.certificate_number.icontains(query["q"], autoescape=True))
    return paginate(
        ctx, statement, query, sorts=EXEMPTION_SORTS, key=TaxExemption.id, default_sort="-created_at",
        shape=lambda row: row[0],
    )  # fmt: skip


def get_exemption(ctx: CompanyContext, exemption_id: UUID, account_id: UUID | None = None) -> TaxExemption:
    """Return a certificate, of that account if one is named.

    Raises:
        Problem: ``not_found``.
    """
    exemption = load(ctx, TaxExemption, exemption_id)
    if account_id is not None and exemption.account_id != account_id:
        raise not_found()
    return exemption


def list_identifiers(ctx: CompanyContext, member_id: UUID, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of a member's papers, without their numbers (ACT-11)."""
    load(ctx, Member, member_id)
    return paginate(
        ctx,
        select(MemberIdentifier).where(MemberIdentifier.member_id == member_id),
        query,
        sorts={"created_at": MemberIdentifier.created_at},
        key=MemberIdentifier.id,
        default_sort="created_at",
        shape=lambda row: row[0],
    )
