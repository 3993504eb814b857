"""A customer's own data as JSON (SEC-62). Identity papers are not part of it (SEC-63)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.accounts.models import Member, TaxExemption
from lunarfront.domains.accounts.parts import parts
from lunarfront.domains.accounts.queries.lists import get_account, member_view
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext

#: Inner workings that say nothing about a person.
_INNER = frozenset({"company_id", "name_sort", "search_text", "version", "merged_into_id"})


def export_account(ctx: CompanyContext, account_id: UUID) -> dict[str, Any]:
    """Return everything kept about an account: itself, members, certificates, and what other domains keep.

    Raises:
        Problem: ``not_found``.
    """
    document: dict[str, Any] = {"account": get_account(ctx, account_id)}
    session = ctx.uow.session
    members = session.execute(
        select(Member).where(Member.account_id == account_id).order_by(Member.id)
    ).scalars()
    document["members"] = [member_view(ctx, member) for member in members]
    found = select(TaxExemption).where(TaxExemption.account_id == account_id).order_by(TaxExemption.id)
    columns = TaxExemption.__table__.columns.keys()
    document["exemptions"] = [
        {n: getattr(row, n) for n in columns} for row in session.execute(found).scalars()
    ]
    for part in parts():
        document |= part.export(ctx, account_id)
    return {name: _plain(value) for name, value in document.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items() if name not in _INNER}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return audit.plain(value)
