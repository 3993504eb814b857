"""Import of products: a row is a product with one variant, its barcode and its supplier."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import Supplier, SupplierItem
from lunarfront.domains.catalog.schemas.products import ProductIn
from lunarfront.domains.catalog.schemas.suppliers import SupplierItemFields
from lunarfront.domains.catalog.service.checks import NewProducts, check_products
from lunarfront.domains.catalog.service.products import PRICE_RIGHT, write_products
from lunarfront.domains.importing.rules import SheetLine, truth, whole
from lunarfront.domains.importing.service.categories import CategoryPlan
from lunarfront.domains.importing.service.loading import load_row
from lunarfront.domains.importing.service.runs import Importer, Plan
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.problems import FieldError
from lunarfront.kernel.text import folded

PRODUCT_TEXTS = (
    "name",
    "brand",
    "model",
    "description",
    "kind",
    "tax_category",
    "legacy_id",
    "legacy_source",
)
VARIANT_TEXTS = ("sku", "name_suffix", "price", "min_price", "msrp", "default_cost", "weight")
SUPPLIER_TEXTS = {"supplier_sku": "supplier_sku", "supplier_cost": "cost"}
REQUIRED = ("name", "category", "price")
OPTIONAL = (
    "sku", "name_suffix", "brand", "model", "description", "kind", "tax_category", "is_serialized", "is_divisible",
    "min_price", "msrp", "default_cost", "weight", "warranty_days", "barcode", "pack_qty", "supplier", "supplier_sku",
    "supplier_cost", "legacy_id", "legacy_source",
)  # fmt: skip
_COLUMN_OF = {
    "barcodes[0].code": "barcode",
    "barcodes[0].pack_qty": "pack_qty",
    "category_id": "category",
    "cost": "supplier_cost",
}
_PRODUCT, _SUPPLIER_ITEM = ProductIn(), SupplierItemFields()


def plan_products(ctx: CompanyContext, lines: Sequence[SheetLine]) -> Plan:
    """Check the rows of a file and say what they would make."""
    ctx.require(PRICE_RIGHT)
    faults, categories = Faults(), CategoryPlan(ctx)
    loaded = [(line, _load(line, categories, faults.at(f"line {line.number}: "))) for line in lines]
    good = [(line, product) for line, product in loaded if product is not None]
    new = NewProducts(
        [product for _, product in good],
        [f"line {line.number}: " for line, _ in good],
        faults,
        variant_path="",
        coming=categories.coming,
    )
    prefixes = check_products(ctx, new)
    supplies = _supplies(ctx, good, faults)
    faults.errors[:] = [_by_column(error) for error in faults.errors]

    def write(_batch_id: UUID) -> None:
        categories.write()
        made = write_products(ctx, new, prefixes)
        for place, (supplier_id, item) in supplies.items():
            ctx.uow.add(SupplierItem, supplier_id=supplier_id, variant_id=made[place].variants[0].id, **item)

    created = {"products": len(good), "categories": len(categories.coming), "supplier_items": len(supplies)}
    return Plan(created, faults, write)


def _load(line: SheetLine, categories: CategoryPlan, faults: Faults) -> dict[str, Any] | None:
    for name in REQUIRED:
        if name not in line.cells:
            faults.add(name, "validation_failed", "This cannot be empty.")
            return None
    body: dict[str, Any] = {name: line.cells[name] for name in PRODUCT_TEXTS if name in line.cells}
    body |= {n: truth(line.cells[n]) for n in ("is_serialized", "is_divisible") if n in line.cells}
    category_id = categories.find(line.cells["category"], faults)
    return load_row(
        _PRODUCT, body | {"category_id": str(category_id), "variants": [_variant(line.cells)]}, faults
    )


def _variant(cells: Mapping[str, str]) -> dict[str, Any]:
    variant: dict[str, Any] = {name: cells[name] for name in VARIANT_TEXTS if name in cells}
    if "warranty_days" in cells:
        variant["warranty_days"] = whole(cells["warranty_days"])
    if "barcode" in cells:
        pack = {"pack_qty": cells["pack_qty"]} if "pack_qty" in cells else {}
        variant["barcodes"] = [{"code": cells["barcode"]} | pack]
    return variant


def _by_column(error: FieldError) -> FieldError:
    """The fault with the name of the column that people see."""
    place, _, path = error.field.partition(": ")
    path = path.removeprefix("variants[0].")
    return FieldError(f"{place}: {_COLUMN_OF.get(path, path)}", error.code, error.message)


def _supplies(
    ctx: CompanyContext, good: Sequence[tuple[SheetLine, dict[str, Any]]], faults: Faults
) -> dict[int, tuple[UUID, dict[str, Any]]]:
    """Place of the product in the file to its supplier and what is known of the item there."""
    wanted = {folded(line.cells["supplier"]) for line, _ in good if "supplier" in line.cells}
    found = select(Supplier.name_key, Supplier.id).where(Supplier.name_key.in_(wanted))
    suppliers = {row.name_key: row.id for row in ctx.uow.session.execute(found)} if wanted else {}
    supplies: dict[int, tuple[UUID, dict[str, Any]]] = {}
    for place, (line, _) in enumerate(good):
        here = faults.at(f"line {line.number}: ")
        named = {
            field: line.cells[column] for column, field in SUPPLIER_TEXTS.items() if column in line.cells
        }
        if "supplier" not in line.cells:
            if named:
                here.add("supplier", "validation_failed", "Name the supplier.")
            continue
        supplier_id = suppliers.get(folded(line.cells["supplier"]))
        if supplier_id is None:
            here.add("supplier", "not_found", "There is no such supplier; import suppliers first.")
            continue
        item = load_row(_SUPPLIER_ITEM, named, here)
        if item is not None:
            supplies[place] = (supplier_id, item | {"is_preferred": True})
    return supplies


PRODUCTS = Importer("products", REQUIRED, OPTIONAL, 20_000, plan_products)
