"""Which of the things that an input names exist in this company."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import Category, Product, ProductBarcode, ProductVariant
from lunarfront.domains.catalog.rules import same_codes
from lunarfront.kernel.context import CompanyContext


def known_categories(ctx: CompanyContext, ids: Collection[UUID]) -> dict[UUID, str | None]:
    """Return those categories that exist, each with its SKU prefix."""
    found = select(Category.id, Category.sku_prefix).where(Category.id.in_(ids))
    return {row.id: row.sku_prefix for row in ctx.uow.session.execute(found)} if ids else {}


def known_tax_categories(ctx: CompanyContext) -> set[str]:
    """Return the codes of all tax categories; tax lies above the catalogue, so its table is read by SQL."""
    rows = ctx.uow.query(
        "SELECT code FROM tax_category WHERE company_id = %(company)s", {"company": ctx.company.id}
    )
    return {row.code for row in rows}


def known_account_roles(ctx: CompanyContext) -> set[str]:
    """Return the roles of the chart; the books are the ledger's, so its table is read by SQL."""
    rows = ctx.uow.query(
        "SELECT role FROM account_code WHERE company_id = %(company)s AND role IS NOT NULL AND is_active",
        {"company": ctx.company.id},
    )
    return {row.role for row in rows}


def taken_skus(ctx: CompanyContext, keys: Collection[str]) -> set[str]:
    """Return those SKU keys that a variant has already (INV-01)."""
    found = select(ProductVariant.sku_key).where(ProductVariant.sku_key.in_(keys))
    return set(ctx.uow.session.execute(found).scalars()) if keys else set()


def taken_codes(ctx: CompanyContext, codes: Iterable[str], besides: UUID | None = None) -> set[str]:
    """Return those codes that find something already, in any of their spellings (INV-04)."""
    spellings = {spelling: code for code in codes for spelling in same_codes(code)}
    if not spellings:
        return set()
    found = select(ProductBarcode.code).where(ProductBarcode.code.in_(spellings))
    if besides is not None:
        found = found.where(ProductBarcode.id != besides)
    return {spellings[code] for code in ctx.uow.session.execute(found).scalars()}


def components(ctx: CompanyContext, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Return kind and seriality of those variants that exist."""
    found = (
        select(ProductVariant.id, Product.kind, Product.is_serialized)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.id.in_(ids))
    )
    return {row.id: row for row in ctx.uow.session.execute(found)} if ids else {}


def stock_of_product(ctx: CompanyContext, product_id: UUID) -> bool:
    """Tell whether a product has stock, locking its balances (INV-05); stock lies above, so it is read by SQL."""
    rows = ctx.uow.query(
        "SELECT b.qty_on_hand, b.qty_reserved FROM stock_balance b JOIN product_variant v "
        "ON v.company_id = b.company_id AND v.id = b.variant_id "
        "WHERE b.company_id = %(company)s AND v.product_id = %(product)s ORDER BY b.id FOR UPDATE OF b",
        {"company": ctx.company.id, "product": product_id},
    )
    return any(row.qty_on_hand != 0 or row.qty_reserved != 0 for row in rows)


def is_bundle_component(ctx: CompanyContext, product_id: UUID) -> bool:
    """Tell whether a variant of the product is part of a bundle."""
    rows = ctx.uow.query(
        "SELECT 1 FROM bundle_item i JOIN product_variant v ON v.company_id = i.company_id AND v.id = i.component_id "
        "WHERE i.company_id = %(company)s AND v.product_id = %(product)s LIMIT 1",
        {"company": ctx.company.id, "product": product_id},
    )
    return bool(rows)
