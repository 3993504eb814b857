"""The catalogue as the till needs it, cached until it changes (hot-path.md §4): items, tax rules, promotions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.sales.rules.items import Item, Reduction
from lunarfront.domains.tax.rules import Component
from lunarfront.kernel.cache import CompanyCache
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

MAX_ITEMS = 60_000

#: One key look-up per item, whatever the planner knows: right after a load of goods nothing is analysed yet.
_ITEMS_SQL = """
SELECT v.id, v.sku, trim(p.name || ' ' || coalesce(v.name_suffix, '')) AS name, p.kind, v.price, v.min_price,
       v.default_cost, coalesce(p.tax_category, c.tax_category) AS tax_category, c.revenue_account, c.cogs_account,
       c.inventory_account, c.discountable, c.returnable, c.return_days, c.restock_fee_type, c.restock_fee_value,
       p.is_serialized, p.is_divisible, v.is_active AND p.is_active AS is_active, c.id AS category_id,
       (SELECT jsonb_agg(jsonb_build_array(b.component_id, b.qty)) FROM bundle_item b
        WHERE b.company_id = v.company_id AND b.bundle_id = v.id) AS components
FROM unnest(%(ids)s::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
  SELECT * FROM product_variant x WHERE x.company_id = %(company)s AND x.id = wanted.id OFFSET 0) v
CROSS JOIN LATERAL (SELECT * FROM product x WHERE x.company_id = v.company_id AND x.id = v.product_id OFFSET 0) p
CROSS JOIN LATERAL (SELECT * FROM category x WHERE x.company_id = p.company_id AND x.id = p.category_id OFFSET 0) c
"""
_RULES_SQL = """
SELECT 'rule' AS what, r.location_id, r.tax_category AS code, r.component_codes, NULL::uuid AS id, NULL AS name,
       NULL AS jurisdiction, NULL::numeric AS rate, NULL::date AS valid_from, NULL::date AS valid_to
FROM tax_rule r WHERE r.company_id = %(company)s
UNION ALL
SELECT 'component', NULL, c.code, NULL, c.id, c.name, j.code, c.rate, c.valid_from, c.valid_to
FROM tax_component c JOIN tax_jurisdiction j ON j.company_id = c.company_id AND j.id = c.jurisdiction_id
WHERE c.company_id = %(company)s
"""
_DISCOUNTS_SQL = """
SELECT id, code, scope, type, value, starts_on, ends_on, max_uses, requires_code, stackable, category_ids,
       requires_approval_above FROM discount WHERE company_id = %(company)s AND is_active ORDER BY code
"""
_PRICES_SQL = """
SELECT i.variant_id, i.price, l.code, l.location_id, l.account_ids, l.starts_on, l.ends_on
FROM price_list l JOIN price_list_item i ON i.company_id = l.company_id AND i.price_list_id = l.id
WHERE l.company_id = %(company)s AND l.is_active ORDER BY l.code
"""


@dataclass(frozen=True)
class ListPrice:
    """A price of a price list (POS-06)."""

    price: Decimal
    code: str
    location_id: UUID | None
    account_ids: frozenset[str]
    starts_on: date | None
    ends_on: date | None

    def valid_on(self, day: date) -> bool:
        """Tell whether the list is in force."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


@dataclass(frozen=True)
class Promotion:
    """A discount of the company with its dates; ``max_uses`` is counted under lock at completion (POS-19)."""

    reduction: Reduction
    scope: str
    starts_on: date | None
    ends_on: date | None
    max_uses: int | None
    requires_code: bool

    def valid_on(self, day: date) -> bool:
        """Tell whether it may be used on a business date."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


@dataclass
class SaleCatalog:
    """Everything of one company that a sale reads and does not lock."""

    components: Mapping[str, list[tuple[date, date | None, Component]]]
    rules: Mapping[tuple[UUID, str], tuple[str, ...]]
    promotions: Mapping[str, Promotion]
    prices: Mapping[UUID, list[ListPrice]]
    items: dict[UUID, Item] = field(default_factory=dict)

    def tax_components(self, location_id: UUID, category: str, day: date) -> tuple[Component, ...]:
        """Return the components due for a category at a location on a date (TAX-01, TAX-02).

        Raises:
            Problem: ``tax_not_configured`` when no rule, or no rate valid on that date, exists.
        """
        codes = self.rules.get((location_id, category))
        if codes is None:
            raise Problem("tax_not_configured", f"No tax rule for {category} at this location.")
        return tuple(self._valid(code, day) for code in codes)

    def _valid(self, code: str, day: date) -> Component:
        for valid_from, valid_to, component in self.components.get(code, ()):
            if valid_from <= day and (valid_to is None or day < valid_to):
                return component
        raise Problem("tax_not_configured", f"Tax component {code} has no rate on {day}.")

    def priced(self, item: Item, account_id: UUID | None, location_id: UUID, day: date) -> Item:
        """Return the item with the price that holds here: account list, location list, variant (POS-06)."""
        lists = [p for p in self.prices.get(item.variant_id, ()) if p.valid_on(day)]
        own = next((p for p in lists if account_id and str(account_id) in p.account_ids), None)
        here = next((p for p in lists if p.location_id == location_id and not p.account_ids), None)
        found = own or here
        return replace(item, price=found.price, price_source=f"list:{found.code}") if found else item


_cache: CompanyCache[SaleCatalog] = CompanyCache(max_companies=500)


def catalog_for(ctx: CompanyContext, variant_ids: Iterable[UUID]) -> SaleCatalog:
    """Return the company's catalogue with at least these variants loaded.

    Raises:
        Problem: ``not_found`` when a variant does not exist in this company.
    """
    catalog = _cache.get(ctx.company.id, ctx.company.catalog_version, lambda: _read_rules(ctx))
    _load(ctx, catalog, set(variant_ids))
    return catalog


def _load(ctx: CompanyContext, catalog: SaleCatalog, wanted: set[UUID]) -> None:
    missing = {variant for variant in wanted if variant not in catalog.items}
    if missing:
        if len(catalog.items) + len(missing) > MAX_ITEMS:
            catalog.items.clear()
            missing = wanted
        rows = ctx.uow.query(_ITEMS_SQL, {"company": ctx.company.id, "ids": list(missing)})
        catalog.items.update({row.id: _item(row) for row in rows})
    unknown = {variant for variant in wanted if variant not in catalog.items}
    if unknown:
        raise Problem("not_found", f"There is no item {min(unknown)}.")
    parts = {part for variant in wanted for part, _ in catalog.items[variant].components}
    if any(part not in catalog.items for part in parts):
        _load(ctx, catalog, parts)


def _item(row: Any) -> Item:
    return Item(
        variant_id=row.id,
        sku=row.sku,
        name=row.name,
        kind=row.kind,
        price=row.price,
        category_id=row.category_id,
        min_price=row.min_price,
        default_cost=row.default_cost,
        tax_category=row.tax_category,
        revenue_account=row.revenue_account,
        cogs_account=row.cogs_account,
        inventory_account=row.inventory_account,
        discountable=row.discountable,
        returnable=row.returnable,
        return_days=row.return_days,
        restock_fee_type=row.restock_fee_type,
        restock_fee_value=row.restock_fee_value,
        is_serialized=row.is_serialized,
        is_divisible=row.is_divisible,
        is_active=row.is_active,
        components=tuple((UUID(part), Decimal(str(qty))) for part, qty in row.components or ()),
    )


def _read_rules(ctx: CompanyContext) -> SaleCatalog:
    company = {"company": ctx.company.id}
    components: dict[str, list[tuple[date, date | None, Component]]] = {}
    rules: dict[tuple[UUID, str], tuple[str, ...]] = {}
    for row in ctx.uow.query(_RULES_SQL, company):
        if row.what == "rule":
            rules[(row.location_id, row.code)] = tuple(row.component_codes)
        else:
            component = Component(row.id, row.code, row.name, row.jurisdiction, row.rate)
            components.setdefault(row.code, []).append((row.valid_from, row.valid_to, component))
    promotions = {row.code: _promotion(row) for row in ctx.uow.query(_DISCOUNTS_SQL, company)}
    prices: dict[UUID, list[ListPrice]] = {}
    for row in ctx.uow.query(_PRICES_SQL, company):
        accounts = frozenset(row.account_ids)
        price = ListPrice(row.price, row.code, row.location_id, accounts, row.starts_on, row.ends_on)
        prices.setdefault(row.variant_id, []).append(price)
    return SaleCatalog(components, rules, promotions, prices)


def _promotion(row: Any) -> Promotion:
    reduction = Reduction(
        type=row.type,
        value=row.value,
        discount_id=row.id,
        code=row.code,
        stackable=row.stackable,
        requires_approval_above=row.requires_approval_above,
        category_ids=frozenset(row.category_ids),
    )
    return Promotion(reduction, row.scope, row.starts_on, row.ends_on, row.max_uses, row.requires_code)
