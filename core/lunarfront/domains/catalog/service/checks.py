"""What is checked before products are made; every fault is told, with its place in the request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lunarfront.domains.catalog import rules
from lunarfront.domains.catalog.queries import references
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.text import identifier_key

MONEY_FIELDS = ("price", "min_price", "msrp")


@dataclass
class NewProducts:
    """Products to make; ``paths`` says where each stands in the input, such as ``products[3].``.

    ``coming`` are categories that the same transaction makes, with their SKU prefixes.
    """

    products: Sequence[Mapping[str, Any]]
    paths: Sequence[str]
    faults: Faults = field(default_factory=Faults)
    variant_path: str = "variants[{}]."
    coming: Mapping[UUID, str | None] = field(default_factory=dict)

    def each(self) -> Iterator[tuple[Mapping[str, Any], Faults]]:
        """Yield each product with the faults at its place."""
        for product, path in zip(self.products, self.paths, strict=True):
            yield product, self.faults.at(path)

    def each_variant(self) -> Iterator[tuple[Mapping[str, Any], dict[str, Any], Faults]]:
        """Yield product, variant and the faults at its place."""
        for product, faults in self.each():
            for number, variant in enumerate(product["variants"]):
                yield product, variant, faults.at(self.variant_path.format(number))

    def each_barcode(self) -> Iterator[tuple[dict[str, Any], Faults]]:
        """Yield each barcode with the faults at its place."""
        for _, variant, faults in self.each_variant():
            for number, barcode in enumerate(variant.get("barcodes", ())):
                yield barcode, faults.at(f"barcodes[{number}].")


def check_products(ctx: CompanyContext, new: NewProducts) -> Mapping[UUID, str | None]:
    """Note what is wrong with new products in ``new.faults``; return the SKU prefix of each category."""
    prefixes = _check_categories(ctx, new)
    for product, faults in new.each():
        for name, message in rules.kind_faults(product):
            faults.add(name, "validation_failed", message)
    _check_amounts(ctx, new)
    _check_skus(ctx, new)
    _check_barcodes(ctx, new)
    _check_bundles(ctx, new)
    return prefixes


def _check_categories(ctx: CompanyContext, new: NewProducts) -> Mapping[UUID, str | None]:
    named = {product["category_id"] for product in new.products}
    known = references.known_categories(ctx, named) | dict(new.coming)
    asks_for_tax = any(product.get("tax_category") for product in new.products)
    tax_categories = references.known_tax_categories(ctx) if asks_for_tax else set()
    for product, faults in new.each():
        if product["category_id"] not in known:
            faults.add("category_id", "not_found", "There is no such category.")
        if product.get("tax_category") and product["tax_category"] not in tax_categories:
            faults.add("tax_category", "validation_failed", "There is no such tax category.")
    return known


def _check_amounts(ctx: CompanyContext, new: NewProducts) -> None:
    for _, variant, faults in new.each_variant():
        check_amounts(ctx, variant, faults)


def check_amounts(ctx: CompanyContext, values: Mapping[str, Any], faults: Faults) -> None:
    """Note amounts with more decimals than the currency has (MON-01)."""
    for name in rules.precision_faults(values, MONEY_FIELDS, ctx.unit):
        faults.add(name, "money_precision", f"{ctx.company.currency} has no such small unit.")


def _check_skus(ctx: CompanyContext, new: NewProducts) -> None:
    given = [(identifier_key(v["sku"]), faults) for _, v, faults in new.each_variant() if v.get("sku")]
    taken = references.taken_skus(ctx, {key for key, _ in given})
    for key, faults in given:
        if key in taken:
            faults.add("sku", "conflict", "Another item has this SKU.")
        taken.add(key)


def _check_barcodes(ctx: CompanyContext, new: NewProducts) -> None:
    barcodes = list(new.each_barcode())
    taken = references.taken_codes(ctx, {barcode["code"] for barcode, _ in barcodes})
    for barcode, faults in barcodes:
        check_barcode(barcode, faults)
        spellings = rules.same_codes(barcode["code"])
        if taken.intersection(spellings):
            faults.add("code", "conflict", "This code is in use already.")
        taken.update(spellings)


def check_barcode(barcode: dict[str, Any], faults: Faults) -> None:
    """Set the kind if it was left out, and note a code that cannot be stored (INV-04)."""
    barcode.setdefault("kind", rules.barcode_kind(barcode["code"]))
    fault = rules.barcode_fault(barcode["code"], barcode["kind"])
    if fault is not None:
        faults.add("code", *fault)


def _check_bundles(ctx: CompanyContext, new: NewProducts) -> None:
    known = references.components(
        ctx, {item["component_id"] for _, v, _ in new.each_variant() for item in v.get("bundle_items", ())}
    )
    for product, variant, faults in new.each_variant():
        check_bundle(product["kind"], variant.get("bundle_items", ()), known, faults)


def check_bundle(
    kind: str, items: Sequence[Mapping[str, Any]], known: Mapping[UUID, Any], faults: Faults
) -> None:
    """Note components that a variant of this kind cannot have; ``known`` are the variants that exist."""
    if (kind == "bundle") != bool(items):
        faults.add("bundle_items", "validation_failed", "A bundle has components, and nothing else has.")
    seen: set[UUID] = set()
    for number, item in enumerate(items):
        here = faults.at(f"bundle_items[{number}].")
        component = known.get(item["component_id"])
        if component is None:
            here.add("component_id", "not_found", "There is no such item.")
        elif fault := rules.component_fault(component.kind, component.is_serialized):
            here.add("component_id", "validation_failed", fault)
        if item["component_id"] in seen:
            here.add("component_id", "validation_failed", "Name a component once.")
        seen.add(item["component_id"])
