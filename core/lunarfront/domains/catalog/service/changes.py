"""Use cases: change and archive products and variants (INV-01, INV-05, INV-06, AUD-01)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from lunarfront.domains.catalog import rules
from lunarfront.domains.catalog.models import BundleItem, Product, ProductVariant
from lunarfront.domains.catalog.queries import references
from lunarfront.domains.catalog.service.checks import check_amounts, check_bundle
from lunarfront.domains.catalog.service.products import PRICE_RIGHT, PRODUCT_FIELDS, searched
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import active_values, apply, load, load_for_edit
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.text import identifier_key, name_sort

PRICES = ("price", "min_price", "msrp")
COSTS = ("default_cost",)
_SEARCHED = ("name", "brand", "model")
_FIND_ANEW = (
    "UPDATE product_variant SET search_text = %(search_text)s, name_sort = %(name_sort)s "
    "WHERE company_id = %(company)s AND id = %(id)s"
)


def change_product(
    ctx: CompanyContext, product_id: UUID, values: Mapping[str, Any], expected_version: int
) -> None:
    """Change a product; its variants are found by the new name at once.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``conflict`` (INV-05), or naming every fault.
    """
    product = load_for_edit(ctx, Product, product_id, expected_version)
    after = {name: getattr(product, name) for name in PRODUCT_FIELDS} | dict(values)
    _check_product(ctx, product, after)
    _check_stock(ctx, product, after)
    if "name" in values:
        values = dict(values) | {"name_sort": name_sort(values["name"])}
    old, new = apply(ctx, product, with_archive(ctx, values))
    if any(name in new for name in _SEARCHED):
        _find_variants_anew(ctx, product_id, after)
    _audit_archive(ctx, "product", product_id, old, new)


def with_archive(ctx: CompanyContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with ``archived_at`` beside ``is_active``, if that is among them (GEN-04)."""
    if "is_active" not in values:
        return dict(values)
    return dict(values) | active_values(ctx, values["is_active"])


def _check_product(ctx: CompanyContext, product: Product, after: Mapping[str, Any]) -> None:
    faults = Faults()
    for name, message in rules.kind_faults(after):
        faults.add(name, "validation_failed", message)
    category_id, tax_category = after["category_id"], after["tax_category"]
    if category_id != product.category_id and not references.known_categories(ctx, [category_id]):
        faults.add("category_id", "not_found", "There is no such category.")
    if tax_category not in (
        None,
        product.tax_category,
    ) and tax_category not in references.known_tax_categories(ctx):
        faults.add("tax_category", "validation_failed", "There is no such tax category.")
    faults.raise_any()


def _check_stock(ctx: CompanyContext, product: Product, after: Mapping[str, Any]) -> None:
    """INV-05: what stock means cannot change while there is stock."""
    if after["kind"] == product.kind and after["is_serialized"] == product.is_serialized:
        return
    if "bundle" in (after["kind"], product.kind) and after["kind"] != product.kind:
        raise invalid("kind", "conflict", "A bundle stays a bundle; make a new product.")
    if references.stock_of_product(ctx, product.id):
        raise Problem("conflict", "This cannot be changed while there is stock (INV-05).")
    if references.is_bundle_component(ctx, product.id):
        fault = rules.component_fault(after["kind"], after["is_serialized"])
        if fault:
            raise Problem("conflict", f"It is part of a bundle. {fault}")


def _find_variants_anew(ctx: CompanyContext, product_id: UUID, product: Mapping[str, Any]) -> None:
    """The variants were not edited, so their versions stay."""
    found = select(ProductVariant).where(ProductVariant.product_id == product_id)
    for variant in ctx.uow.session.execute(found).scalars():
        columns = searched(product, variant.sku, variant.name_suffix)
        ctx.uow.execute(_FIND_ANEW, columns | {"company": ctx.company.id, "id": variant.id})


def change_variant(
    ctx: CompanyContext, variant_id: UUID, values: Mapping[str, Any], expected_version: int
) -> None:
    """Change a variant. Prices and costs need ``catalog.price.edit`` and are audited.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``version_conflict``, ``conflict`` for a SKU in use, or a fault.
    """
    if any(name in values for name in PRICES + COSTS):
        ctx.require(PRICE_RIGHT)
    variant = load_for_edit(ctx, ProductVariant, variant_id, expected_version)
    faults = Faults()
    check_amounts(ctx, values, faults)
    faults.raise_any()
    old, new = apply(ctx, variant, with_archive(ctx, _found_by(ctx, variant, values)))
    audit_prices(ctx, "product_variant", variant_id, old, new)
    _audit_archive(ctx, "product_variant", variant_id, old, new)


def _found_by(ctx: CompanyContext, variant: ProductVariant, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the columns that depend on SKU and suffix (INV-01)."""
    if "sku" not in values and "name_suffix" not in values:
        return dict(values)
    sku, suffix = values.get("sku", variant.sku), values.get("name_suffix", variant.name_suffix)
    key = identifier_key(sku)
    if key != variant.sku_key and references.taken_skus(ctx, [key]):
        raise invalid("sku", "conflict", "Another item has this SKU.")
    product = load(ctx, Product, variant.product_id)
    names = {name: getattr(product, name) for name in _SEARCHED}
    return dict(values) | {"sku_key": key} | searched(names, sku, suffix)


def audit_prices(
    ctx: CompanyContext, entity: str, entity_id: UUID, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    """Log changes of prices and of costs, each under its own name (AUD-01)."""
    for what, fields in (("price", PRICES), ("cost", (*COSTS, "cost"))):
        changed = [name for name in fields if name in new]
        if changed:
            before, after = ({name: side[name] for name in changed} for side in (old, new))
            audit.record(ctx, f"catalog.{what}.changed", entity, entity_id, old=before, new=after)


def _audit_archive(
    ctx: CompanyContext, entity: str, entity_id: UUID, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    if "is_active" in new:
        verb = "restored" if new["is_active"] else "archived"
        before, after = ({"is_active": side["is_active"]} for side in (old, new))
        audit.record(ctx, f"catalog.{entity}.{verb}", entity, entity_id, old=before, new=after)


def set_bundle(
    ctx: CompanyContext, variant_id: UUID, items: Sequence[Mapping[str, Any]], expected_version: int
) -> None:
    """Replace the components of a bundle.

    Raises:
        Problem: ``not_found``, ``version_conflict``, or naming every fault.
    """
    variant = load_for_edit(ctx, ProductVariant, variant_id, expected_version)
    product = load(ctx, Product, variant.product_id)
    faults = Faults()
    check_bundle(product.kind, items, references.components(ctx, {i["component_id"] for i in items}), faults)
    faults.raise_any()
    session = ctx.uow.session
    before = session.execute(select(BundleItem).where(BundleItem.bundle_id == variant_id)).scalars().all()
    session.execute(delete(BundleItem).where(BundleItem.bundle_id == variant_id))
    for item in items:
        ctx.uow.add(BundleItem, bundle_id=variant_id, component_id=item["component_id"], qty=item["qty"])
    variant.updated_at = ctx.now
    ctx.uow.flush()
    old = {str(item.component_id): item.qty for item in before}
    new = {str(item["component_id"]): item["qty"] for item in items}
    audit.record(ctx, "catalog.bundle.changed", "product_variant", variant_id, old=old, new=new)
