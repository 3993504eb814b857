"""Use cases: identity papers, seen by few and not for long (ACT-11, SEC-44, SEC-63)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.accounts.models import Member, MemberIdentifier
from lunarfront.domains.accounts.queries.lists import list_identifiers
from lunarfront.domains.accounts.rules import last4
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load, load_for_edit
from lunarfront.kernel.problems import Problem, not_found
from lunarfront.kernel.secretbox import Sealer

#: What the key that seals the numbers is derived for.
PURPOSE = "identity-papers"
_COLUMNS = frozenset(MemberIdentifier.__table__.columns.keys()) - {"number_encrypted"}


def add_identifier(
    ctx: CompanyContext, box: Sealer, member_id: UUID, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Store a paper with its number sealed, and return it without.

    It is deleted some days after it was stored, or after the last rental that needs it (``keep_papers``).

    Raises:
        Problem: ``not_found``, or ``invalid_transition`` for a member who was removed.
    """
    member = load(ctx, Member, member_id)
    if not member.is_active:
        raise Problem("invalid_transition", f"{member.member_number} was removed from the account.")
    values = {name: value for name, value in body.items() if name != "number"}
    paper = MemberIdentifier(member_id=member_id, **values, **_sealed(box, body["number"]))
    paper.delete_after = ctx.business_date() + timedelta(days=ctx.setting("identity_paper_days"))
    ctx.uow.session.add(paper)
    ctx.uow.session.flush()
    audit.record(
        ctx, "account.identity.added", "member", member_id, new={"paper_id": paper.id, "kind": paper.kind}
    )
    return paper_columns(paper)


def view_identifier(ctx: CompanyContext, box: Sealer, member_id: UUID, paper_id: UUID) -> dict[str, Any]:
    """Return a paper with its number; that it was seen stays in the trail (ACT-11)."""
    paper = _of_member(load(ctx, MemberIdentifier, paper_id), member_id)
    audit.record(
        ctx, "account.identity.viewed", "member", member_id, new={"paper_id": paper_id, "kind": paper.kind}
    )
    return paper_columns(paper) | {"number": box.open(paper.number_encrypted).decode()}


def view_identifiers(ctx: CompanyContext, member_id: UUID, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a member's papers: kind and last four only; that they were listed stays in the trail (ACT-11)."""
    page = list_identifiers(ctx, member_id, query)
    audit.record(ctx, "account.identity.listed", "member", member_id, new={"papers": len(page["items"])})
    return page


def change_identifier(
    ctx: CompanyContext,
    box: Sealer,
    member_id: UUID,
    paper_id: UUID,
    body: Mapping[str, Any],
    expected_version: int,
) -> dict[str, Any]:
    """Change a paper and return it without its number."""
    paper = _of_member(load_for_edit(ctx, MemberIdentifier, paper_id, expected_version), member_id)
    values = {name: value for name, value in body.items() if name != "number"}
    if "number" in body:
        values |= _sealed(box, body["number"])
    for name, value in values.items():
        setattr(paper, name, value)
    ctx.uow.session.flush()
    fields = sorted(body)
    audit.record(
        ctx, "account.identity.changed", "member", member_id, new={"paper_id": paper_id, "fields": fields}
    )
    return paper_columns(paper)


def delete_identifier(ctx: CompanyContext, member_id: UUID, paper_id: UUID, expected_version: int) -> None:
    """Delete a paper for good."""
    _delete(ctx, _of_member(load_for_edit(ctx, MemberIdentifier, paper_id, expected_version), member_id))


def delete_due_identifiers(ctx: CompanyContext) -> int:
    """Delete the papers whose time is over and return how many; a job calls it every night (ACT-11, SEC-63)."""
    found = select(MemberIdentifier).where(MemberIdentifier.delete_after < ctx.business_date())
    papers = ctx.uow.session.execute(found.with_for_update(skip_locked=True)).scalars().all()
    for paper in papers:
        _delete(ctx, paper)
    return len(papers)


def keep_papers(ctx: CompanyContext, member_id: UUID) -> None:
    """Count the days until a member's papers are deleted from today on: a rental or trial is open (ACT-11)."""
    until = ctx.business_date() + timedelta(days=ctx.setting("identity_paper_days"))
    for paper in ctx.uow.session.execute(
        select(MemberIdentifier).where(MemberIdentifier.member_id == member_id)
    ).scalars():
        paper.delete_after = until
    ctx.uow.session.flush()


def paper_columns(paper: MemberIdentifier) -> dict[str, Any]:
    """Return a paper without its number."""
    return {name: getattr(paper, name) for name in _COLUMNS}


def _delete(ctx: CompanyContext, paper: MemberIdentifier) -> None:
    audit.record(
        ctx,
        "account.identity.deleted",
        "member",
        paper.member_id,
        old={"paper_id": paper.id, "kind": paper.kind},
    )
    ctx.uow.session.delete(paper)
    ctx.uow.session.flush()


def _of_member(paper: MemberIdentifier, member_id: UUID) -> MemberIdentifier:
    if paper.member_id != member_id:
        raise not_found()
    return paper


def _sealed(box: Sealer, number: str) -> dict[str, Any]:
    return {"number_encrypted": box.seal(number.encode()), "last4": last4(number)}
