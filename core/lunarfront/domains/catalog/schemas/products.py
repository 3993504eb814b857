"""Products with their variants, barcodes and bundles (domain-core.md §3.4)."""

from typing import Any

import marshmallow as ma

from lunarfront.domains.catalog import rules
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.fields import refuse
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LegacyIn, LfSchema, VersionedRow

MAX_BULK = 500
MAX_VARIANTS = 200


def at_most(limit: int) -> Any:
    """Return the check of a list's length (domain-core.md §10)."""

    def check(items: list[Any]) -> None:
        if len(items) > limit:
            raise refuse("too_many_lines", f"At most {limit} in one request.")
        if not items:
            raise refuse("validation_failed", "At least one.")

    return check


def words(**options: Any) -> ma.fields.Dict:
    """Return a field of free words by name."""
    return ma.fields.Dict(
        keys=f.Text(max_length=60),
        values=f.Text(max_length=500, blank=True),
        validate=ma.validate.Length(max=50),
        **options,
    )


class BarcodeIn(LfSchema):
    """A code of a variant. ``pack_qty`` pieces are meant by one scan; ``kind`` is seen from the code if left out."""

    code = f.Text(max_length=80, required=True)
    kind = f.Choice(*rules.BARCODE_KINDS)
    pack_qty = f.Quantity(low="0.001", load_default=1)


class BundleItemIn(LfSchema):
    """``qty`` pieces of a component in one bundle."""

    component_id = ma.fields.UUID(required=True)
    qty = f.Quantity(low="0.001", required=True)


class BundleIn(LfSchema):
    """All components of a bundle; they replace those it had."""

    items = ma.fields.List(ma.fields.Nested(BundleItemIn), required=True, validate=at_most(100))


class VariantFields(LegacyIn):
    """What a variant is; prices and costs in company currency, ``weight`` in kilograms."""

    sku = f.Text(max_length=60, blank=True, allow_none=True)
    name_suffix = f.Text(max_length=120, allow_none=True)
    options = words()
    price = f.Money(low="0", required=True)
    min_price = f.Money(low="0", allow_none=True)
    msrp = f.Money(low="0", allow_none=True)
    default_cost = f.UnitCost(allow_none=True)
    weight = f.Quantity(low="0", allow_none=True)
    ownership = f.Choice("owned", "consigned", load_default="owned")
    warranty_days = f.Integer(low=0, high=36_500, allow_none=True)


class VariantIn(VariantFields):
    """A new variant. A blank ``sku`` is generated (INV-01)."""

    barcodes = ma.fields.List(ma.fields.Nested(BarcodeIn), validate=ma.validate.Length(max=50))
    bundle_items = ma.fields.List(ma.fields.Nested(BundleItemIn), validate=ma.validate.Length(max=100))


class VariantChange(VariantFields):
    """A change of a variant; prices and costs need ``catalog.price.edit``."""

    sku = f.Text(max_length=60)
    is_active = f.Flag()

    class Meta:
        unknown = ma.RAISE
        exclude = ("legacy_id", "legacy_source")


class ProductFields(LegacyIn):
    """What a product is."""

    name = f.Text(max_length=200, required=True)
    description = f.Text(max_length=4000, allow_none=True)
    brand = f.Text(max_length=120, allow_none=True)
    model = f.Text(max_length=120, allow_none=True)
    category_id = ma.fields.UUID(required=True)
    kind = f.Text(max_length=60, load_default="stocked")
    is_serialized = f.Flag(load_default=False)
    is_divisible = f.Flag(load_default=False)
    tax_category = f.Text(max_length=40, allow_none=True)
    is_rental = f.Flag(load_default=False)
    is_dual_use_repair = f.Flag(load_default=False)
    attributes = words()


class ProductIn(ProductFields):
    """A new product with at least one variant."""

    variants = ma.fields.List(ma.fields.Nested(VariantIn), required=True, validate=at_most(MAX_VARIANTS))


class ProductChange(ProductFields):
    """A change of a product; fields left out stay."""

    is_active = f.Flag()

    class Meta:
        unknown = ma.RAISE
        exclude = ("legacy_id", "legacy_source")


class ProductsIn(LfSchema):
    """Up to 500 products, all created or none."""

    products = ma.fields.List(ma.fields.Nested(ProductIn), required=True, validate=at_most(MAX_BULK))


class BarcodeOut(VersionedRow):
    """A barcode."""

    variant_id = ma.fields.UUID()
    code = f.Text()
    kind = f.Text()
    pack_qty = f.Quantity()


class BundleItemOut(LfSchema):
    """A component of a bundle."""

    component_id = ma.fields.UUID()
    sku = f.Text()
    name = f.Text()
    qty = f.Quantity()


class VariantOut(VersionedRow):
    """A variant. ``default_cost`` is there for those who may see costs."""

    product_id = ma.fields.UUID()
    sku = f.Text()
    name = f.Text()
    name_suffix = f.Text(allow_none=True)
    options = ma.fields.Dict()
    price = f.Money()
    min_price = f.Money(allow_none=True)
    msrp = f.Money(allow_none=True)
    default_cost = f.UnitCost(allow_none=True)
    weight = f.Quantity(allow_none=True)
    ownership = f.Text()
    warranty_days = f.Integer(allow_none=True)
    is_active = f.Flag()
    archived_at = f.Timestamp(allow_none=True)
    legacy_id = f.Text(allow_none=True)
    legacy_source = f.Text(allow_none=True)
    barcodes = ma.fields.List(ma.fields.Nested(BarcodeOut))
    bundle_items = ma.fields.List(ma.fields.Nested(BundleItemOut))


class ProductOut(VersionedRow):
    """A product as lists show it."""

    name = f.Text()
    description = f.Text(allow_none=True)
    brand = f.Text(allow_none=True)
    model = f.Text(allow_none=True)
    category_id = ma.fields.UUID()
    kind = f.Text()
    is_serialized = f.Flag()
    is_divisible = f.Flag()
    tax_category = f.Text(allow_none=True)
    is_rental = f.Flag()
    is_dual_use_repair = f.Flag()
    attributes = ma.fields.Dict()
    is_active = f.Flag()
    archived_at = f.Timestamp(allow_none=True)
    legacy_id = f.Text(allow_none=True)
    legacy_source = f.Text(allow_none=True)


class ProductDetailOut(ProductOut):
    """A product with its variants."""

    variants = ma.fields.List(ma.fields.Nested(VariantOut))


class MadeVariantOut(LfSchema):
    """Id and SKU of a variant that was made."""

    id = ma.fields.UUID()
    sku = f.Text()


class MadeProductOut(LfSchema):
    """Ids of a product that was made."""

    id = ma.fields.UUID()
    variants = ma.fields.List(ma.fields.Nested(MadeVariantOut))


class MadeProductsOut(LfSchema):
    """Ids in the order of the request."""

    items = ma.fields.List(ma.fields.Nested(MadeProductOut))


class ProductQuery(ListQuery):
    """Filters of the list of products; a category stands for all below it."""

    category_id = ma.fields.UUID(data_key="filter[category_id]")
    kind = f.Text(data_key="filter[kind]", max_length=60)
    brand = f.Text(data_key="filter[brand]", max_length=120)
    is_active = f.Flag(data_key="filter[is_active]")
    legacy_source = f.Text(data_key="filter[legacy_source]", max_length=60)
    legacy_id = f.Text(data_key="filter[legacy_id]", max_length=120)


class BarcodeNew(BarcodeIn):
    """A new code of a variant."""

    variant_id = ma.fields.UUID(required=True)


class BarcodeChange(LfSchema):
    """A change of a barcode."""

    code = f.Text(max_length=80)
    kind = f.Choice(*rules.BARCODE_KINDS)
    pack_qty = f.Quantity(low="0.001")


class BarcodeQuery(ListQuery):
    """Filters of the list of barcodes."""

    variant_id = ma.fields.UUID(data_key="filter[variant_id]")
