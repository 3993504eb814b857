"""Reads of tax: jurisdictions, rates, rules and categories."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select

from lunarfront.domains.tax.models import TaxCategory, TaxComponent, TaxJurisdiction, TaxRule
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext


def list_jurisdictions(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of jurisdictions."""
    sorts = {"code": TaxJurisdiction.code, "name": TaxJurisdiction.name}
    return _page(ctx, TaxJurisdiction, query, ("level",), sorts, "code")


def list_components(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of components, by default by code, then date."""
    sorts = {"code": TaxComponent.code, "valid_from": TaxComponent.valid_from, "rank": TaxComponent.rank}
    conditions = []
    if "on" in query:
        open_end = or_(TaxComponent.valid_to.is_(None), TaxComponent.valid_to > query["on"])
        conditions = [TaxComponent.valid_from <= query["on"], open_end]
    return _page(ctx, TaxComponent, query, ("jurisdiction_id", "code"), sorts, "code", conditions)


def list_rules(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of rules."""
    sorts = {"tax_category": TaxRule.tax_category, "created_at": TaxRule.created_at}
    return _page(ctx, TaxRule, query, ("location_id", "tax_category"), sorts, "tax_category")


def list_categories(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of tax categories."""
    sorts = {"code": TaxCategory.code, "name": TaxCategory.name}
    return _page(ctx, TaxCategory, query, (), sorts, "code")


def _page(
    ctx: CompanyContext,
    model: Any,
    query: Mapping[str, Any],
    filters: Collection[str],
    sorts: Mapping[str, Any],
    default_sort: str,
    conditions: Collection[Any] = (),
) -> dict[str, Any]:
    """A page of one table; ``q`` finds rows by the beginning of their first sort column or their name."""
    statement = select(model).where(*conditions)
    for name in filters:
        if name in query:
            statement = statement.where(getattr(model, name) == query[name])
    if "q" in query:
        columns = [sorts[default_sort]] + ([model.name] if hasattr(model, "name") else [])
        statement = statement.where(or_(*(c.istartswith(query["q"], autoescape=True) for c in columns)))
    return paginate(
        ctx, statement, query, sorts=sorts, key=model.id, default_sort=default_sort, shape=lambda row: row[0]
    )


def known_codes(ctx: CompanyContext) -> set[str]:
    """Return the codes of all components, whatever their validity."""
    return set(ctx.uow.session.execute(select(TaxComponent.code).distinct()).scalars())


def known_category(ctx: CompanyContext, code: str) -> bool:
    """Tell whether a tax category exists."""
    return ctx.uow.session.execute(select(TaxCategory.id).where(TaxCategory.code == code)).first() is not None


def rules_naming(ctx: CompanyContext, code: str) -> int:
    """Return how many rules name a component."""
    named = select(TaxRule.id).where(TaxRule.component_codes.contains([code]))
    return len(ctx.uow.session.execute(named).all())


def was_collected(ctx: CompanyContext, component: TaxComponent) -> bool:
    """Tell whether a sale was taxed with a component; sales lie above tax, so they are read by SQL."""
    rows = ctx.uow.query(
        "SELECT 1 FROM transaction_line_tax WHERE company_id = %(company)s AND component_id = %(component)s LIMIT 1",
        {"company": ctx.company.id, "component": component.id},
    )
    return bool(rows)


def category_in_use(ctx: CompanyContext, code: str) -> bool:
    """Tell whether a rule, a category of goods or a product names a tax category."""
    rows = ctx.uow.query(
        "SELECT 1 FROM tax_rule WHERE company_id = %(company)s AND tax_category = %(code)s "
        "UNION ALL SELECT 1 FROM category WHERE company_id = %(company)s AND tax_category = %(code)s "
        "UNION ALL SELECT 1 FROM product WHERE company_id = %(company)s AND tax_category = %(code)s LIMIT 1",
        {"company": ctx.company.id, "code": code},
    )
    return bool(rows)
