"""Inventory: items with price and stock, one item with variants, stock and movements, new item."""

from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _

from lunarfront.domains.catalog.queries.categories import list_categories
from lunarfront.domains.catalog.queries.products import get_product
from lunarfront.domains.catalog.rules import PRODUCT_KINDS, STOCKED_KINDS
from lunarfront.domains.catalog.schemas.products import ProductChange, ProductIn, VariantChange, VariantIn
from lunarfront.domains.inventory.queries.items import list_items
from lunarfront.domains.inventory.queries.stock import list_movements, list_stock
from lunarfront.kernel.context import CompanyContext
from lunarfront.web.forms import FieldView, form_fields
from lunarfront.web.lists import list_query, next_url
from lunarfront.web.navigation import NavEntry
from lunarfront.web.pages import PageBlueprint, wants_fragment
from lunarfront.web.reads.names import location_names, reason_labels, reasons
from lunarfront.web.words import product_kind_word

pages = PageBlueprint("inventory_pages", __name__)
NAV = (NavEntry("inventory", "Inventory", "/inventory", "package", 30, "catalog.view"),)
Row = dict[str, Any]
PRODUCT = ("name", "category_id", "kind", "brand", "model", "description")
NEW_PRODUCT = ("name", "category_id", "kind", "is_serialized")
NEW_VARIANT = ("sku", "price")
VARIANT = ("sku", "name_suffix", "price", "min_price", "msrp", "warranty_days")
MANY = 200


@pages.page("/inventory", permission="catalog.view")
def inventory(ctx: CompanyContext) -> str:
    """All items, or those that a search finds, with price and stock here."""
    chosen = _filter(ctx)
    found = list_items(ctx, list_query() | {"is_active": True} | chosen)
    names = dict(_categories(ctx))
    return render_template(
        "inventory/_table.html" if wants_fragment() else "inventory/list.html",
        items=[item | {"category": names.get(str(item["category_id"]), "")} for item in found["items"]],
        total=found.get("total"),
        total_capped=found.get("total_capped"),
        next_url=next_url(found["next_cursor"]),
        filter={name: str(value) for name, value in chosen.items()},
        categories=list(names.items()),
        filtered=bool(chosen),
    )


def _filter(ctx: CompanyContext) -> Row:
    chosen: Row = {"q": request.args.get("q", "").strip()[:200], "kind": request.args.get("kind", "")}
    category = request.args.get("category_id", "")
    if category in dict(_categories(ctx)):
        chosen["category_id"] = UUID(category)
    if chosen["kind"] not in PRODUCT_KINDS:
        chosen["kind"] = ""
    return {name: value for name, value in chosen.items() if value}


def _categories(ctx: CompanyContext) -> list[tuple[str, str]]:
    rows = list_categories(ctx, {"limit": MANY, "is_active": True})["items"]
    return [(str(row.id), row.name) for row in rows]


@pages.page("/inventory/new", permission="catalog.edit")
def new_item(ctx: CompanyContext) -> str:
    """The form of a new item with one variant (INV-01)."""
    choices = {"category_id": _categories(ctx), "kind": _kinds()}
    product = form_fields(ProductIn, NEW_PRODUCT, labels=_labels(), choices=choices)
    variant = form_fields(VariantIn, NEW_VARIANT, labels=_labels(), helps=_helps(), prefix="variants[0]")
    return render_template(
        "inventory/new.html", fields=product + variant, code=request.args.get("code", "")[:80]
    )


@pages.page("/inventory/<uuid:product_id>", permission="catalog.view")
def item(ctx: CompanyContext, product_id: UUID) -> str:
    """One item: details, variants with their codes, stock by location, the latest movements."""
    product = get_product(ctx, product_id)
    stocked = product["kind"] in STOCKED_KINDS
    return render_template(
        "inventory/detail.html",
        item=product,
        fields=_product_fields(ctx, product),
        variants=[variant | {"fields": _variant_fields(variant)} for variant in product["variants"]],
        stocked=stocked,
        stock=_stock(ctx, product) if stocked else [],
        movements=_movements(ctx, product) if stocked else [],
        reasons=reasons(ctx, "adjustment"),
        approval_reasons=reasons(ctx, "approval"),
    )


def _product_fields(ctx: CompanyContext, product: Row) -> list[FieldView]:
    choices = {"category_id": _categories(ctx), "kind": _kinds()}
    return form_fields(ProductChange, PRODUCT, product, labels=_labels(), choices=choices)


def _variant_fields(variant: Row) -> list[FieldView]:
    return form_fields(VariantChange, VARIANT, variant, labels=_labels())


def _stock(ctx: CompanyContext, product: Row) -> list[Row]:
    rows: list[Row] = []
    for variant in product["variants"]:
        rows += list_stock(ctx, {"limit": MANY, "variant_id": variant["id"]})["items"]
    places = location_names(ctx, [row["location_id"] for row in rows])
    return [row | {"location": places.get(row["location_id"], "")} for row in rows]


def _movements(ctx: CompanyContext, product: Row) -> list[Row]:
    rows: list[Row] = []
    for variant in product["variants"]:
        rows += list_movements(ctx, {"limit": 10, "variant_id": variant["id"]})["items"]
    labels = reason_labels(ctx)
    latest = sorted(rows, key=lambda row: row["created_at"], reverse=True)[:20]
    return [row | {"reason": labels.get(row["reason_code"] or "", row["note"] or "")} for row in latest]


def _kinds() -> list[tuple[str, str]]:
    return [(kind, product_kind_word(kind)) for kind in PRODUCT_KINDS]


def _labels() -> dict[str, str]:
    return {
        "sku": _("SKU"),
        "msrp": _("List price of the maker"),
        "min_price": _("Lowest price"),
        "name_suffix": _("Variant"),
        "is_serialized": _("Each piece has a serial number"),
        "warranty_days": _("Warranty in days"),
    }


def _helps() -> dict[str, str]:
    return {"sku": _("Empty: a number is made.")}
