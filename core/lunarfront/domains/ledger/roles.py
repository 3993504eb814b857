"""Account roles to account ids, cached until the catalogue version changes (ACC-05, hot-path.md §4)."""

from collections.abc import Mapping
from uuid import UUID

from lunarfront.kernel.cache import CompanyCache
from lunarfront.kernel.context import CompanyContext

_cache: CompanyCache[Mapping[str, UUID]] = CompanyCache(max_companies=2000)


def account_ids(ctx: CompanyContext) -> Mapping[str, UUID]:
    """Return the active accounts of the chart by role; accounts without one by their code."""
    return _cache.get(ctx.company.id, ctx.company.catalog_version, lambda: _read(ctx))


def _read(ctx: CompanyContext) -> dict[str, UUID]:
    rows = ctx.uow.query(
        "SELECT coalesce(role, code) AS role, id FROM account_code WHERE company_id = %(company)s AND is_active",
        {"company": ctx.company.id},
    )
    return {row.role: row.id for row in rows}
