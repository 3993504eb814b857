"""Use cases: make products and variants (INV-01, INV-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lunarfront.domains.catalog import rules
from lunarfront.domains.catalog.models import BundleItem, Product, ProductBarcode, ProductVariant
from lunarfront.domains.catalog.service.checks import NewProducts, check_products
from lunarfront.domains.catalog.service.skus import fill_skus
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load
from lunarfront.kernel.text import identifier_key, name_sort, search_text

PRICE_RIGHT = "catalog.price.edit"
#: Products written by one statement (hot-path.md §7).
CHUNK = 500
PRODUCT_FIELDS = (
    "name", "description", "brand", "model", "category_id", "kind", "is_serialized", "is_divisible", "tax_category",
    "is_rental", "is_dual_use_repair", "legacy_id", "legacy_source",
)  # fmt: skip
_VARIANT_FIELDS = (
    "sku", "name_suffix", "price", "min_price", "msrp", "default_cost", "weight", "ownership", "warranty_days",
    "legacy_id", "legacy_source",
)  # fmt: skip
_DEFAULTS = {"ownership": "owned", "kind": "stocked", "is_serialized": False, "is_divisible": False}


@dataclass(frozen=True)
class MadeVariant:
    """A variant that was made."""

    id: UUID
    sku: str


@dataclass(frozen=True)
class MadeProduct:
    """A product that was made, its variants in the order of the request."""

    id: UUID
    variants: tuple[MadeVariant, ...]


def create_products(
    ctx: CompanyContext, products: Sequence[Mapping[str, Any]], paths: Sequence[str]
) -> list[MadeProduct]:
    """Make products with variants, barcodes and bundles, all or none, and return their ids in order.

    Args:
        ctx: the context; prices need ``catalog.price.edit``.
        products: loaded ``ProductIn`` bodies.
        paths: where each stands in the input, put before the fields of faults.

    Raises:
        Problem: naming every fault (INV-01, INV-04).
    """
    ctx.require(PRICE_RIGHT)
    new = NewProducts(products, paths)
    prefixes = check_products(ctx, new)
    new.faults.raise_any()
    return write_products(ctx, new, prefixes)


def write_products(
    ctx: CompanyContext, new: NewProducts, prefixes: Mapping[UUID, str | None]
) -> list[MadeProduct]:
    """Write checked products; blank SKUs are generated with the prefix of their category."""
    _generate_skus(ctx, new, prefixes)
    made: list[MadeProduct] = []
    for start in range(0, len(new.products), CHUNK):
        made += [_add_product(ctx, product) for product in new.products[start : start + CHUNK]]
        ctx.uow.flush()
    return made


def _generate_skus(ctx: CompanyContext, new: NewProducts, prefixes: Mapping[UUID, str | None]) -> None:
    variants = list(new.each_variant())
    given = {identifier_key(variant["sku"]) for _, variant, _ in variants if variant.get("sku")}
    blank = [
        (variant, prefixes[product["category_id"]])
        for product, variant, _ in variants
        if not variant.get("sku")
    ]
    fill_skus(ctx, blank, given)


def _add_product(ctx: CompanyContext, product: Mapping[str, Any]) -> MadeProduct:
    values = {name: product.get(name, _DEFAULTS.get(name)) for name in PRODUCT_FIELDS}
    values |= {name: bool(product.get(name)) for name in ("is_rental", "is_dual_use_repair")}
    product_id = ctx.uow.add(
        Product, **values, name_sort=name_sort(product["name"]), attributes=product.get("attributes") or {}
    )
    variants = tuple(_add_variant(ctx, product_id, product, variant) for variant in product["variants"])
    return MadeProduct(product_id, variants)


def _add_variant(
    ctx: CompanyContext, product_id: UUID, product: Mapping[str, Any], variant: Mapping[str, Any]
) -> MadeVariant:
    values = {name: variant.get(name, _DEFAULTS.get(name)) for name in _VARIANT_FIELDS}
    variant_id = ctx.uow.add(
        ProductVariant,
        **values,
        product_id=product_id,
        sku_key=identifier_key(variant["sku"]),
        options=variant.get("options") or {},
        **searched(product, variant["sku"], variant.get("name_suffix")),
    )
    for barcode in variant.get("barcodes", ()):
        add_barcode(ctx, variant_id, barcode)
    for item in variant.get("bundle_items", ()):
        ctx.uow.add(BundleItem, bundle_id=variant_id, component_id=item["component_id"], qty=item["qty"])
    return MadeVariant(variant_id, variant["sku"])


def add_barcode(ctx: CompanyContext, variant_id: UUID, barcode: Mapping[str, Any]) -> UUID:
    """Collect a checked barcode and return its id."""
    pack_qty = barcode.get("pack_qty", 1)
    return ctx.uow.add(
        ProductBarcode, variant_id=variant_id, code=barcode["code"], kind=barcode["kind"], pack_qty=pack_qty
    )


def searched(product: Mapping[str, Any], sku: str, suffix: str | None) -> dict[str, str]:
    """Return the columns by which a variant is found and sorted (SRC-01)."""
    name = rules.item_name(product["name"], suffix)
    return {
        "search_text": search_text(name, product.get("brand"), product.get("model"), sku),
        "name_sort": name_sort(name),
    }


def add_variant(ctx: CompanyContext, product_id: UUID, variant: dict[str, Any]) -> UUID:
    """Add a variant to a product and return its id.

    Raises:
        Problem: ``not_found``, or naming every fault.
    """
    ctx.require(PRICE_RIGHT)
    row = load(ctx, Product, product_id)
    product = {name: getattr(row, name) for name in PRODUCT_FIELDS} | {"variants": [variant]}
    new = NewProducts([product], [""], variant_path="")
    prefixes = check_products(ctx, new)
    new.faults.raise_any()
    _generate_skus(ctx, new, prefixes)
    made = _add_variant(ctx, product_id, product, variant)
    ctx.uow.flush()
    return made.id
