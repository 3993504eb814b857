"""Suppliers and what they deliver (domain-core.md §3.4)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LegacyIn, LfSchema, VersionedRow


class SupplierIn(LegacyIn):
    """A new supplier; ``phone`` is written as people write it, ``currency`` is ISO 4217."""

    name = f.Text(max_length=200, required=True)
    contact_name = f.Text(max_length=200, allow_none=True)
    email = f.Text(max_length=254, allow_none=True, validate=ma.validate.Email())
    phone = f.Text(max_length=40, allow_none=True)
    website = f.Text(max_length=300, allow_none=True)
    address_line1 = f.Text(max_length=200, allow_none=True)
    address_line2 = f.Text(max_length=200, allow_none=True)
    city = f.Text(max_length=120, allow_none=True)
    region = f.Text(max_length=120, allow_none=True)
    postal_code = f.Text(max_length=20, allow_none=True)
    country = f.Text(max_length=2, allow_none=True, validate=ma.validate.Regexp(r"^[A-Z]{2}$"))
    terms_days = f.Integer(low=0, high=3650, load_default=0)
    currency = f.Text(max_length=3, allow_none=True, validate=ma.validate.Regexp(r"^[A-Z]{3}$"))
    account_ref = f.Text(max_length=60, allow_none=True)
    notes = f.Text(max_length=4000, allow_none=True)


class SupplierChange(SupplierIn):
    """A change of a supplier; fields left out stay."""

    is_active = f.Flag()

    class Meta:
        unknown = ma.RAISE
        exclude = ("legacy_id", "legacy_source")


class SupplierOut(VersionedRow):
    """A supplier."""

    name = f.Text()
    contact_name = f.Text(allow_none=True)
    email = f.Text(allow_none=True)
    phone = f.Text(attribute="phone_e164", allow_none=True)
    website = f.Text(allow_none=True)
    address_line1 = f.Text(allow_none=True)
    address_line2 = f.Text(allow_none=True)
    city = f.Text(allow_none=True)
    region = f.Text(allow_none=True)
    postal_code = f.Text(allow_none=True)
    country = f.Text(allow_none=True)
    terms_days = f.Integer()
    currency = f.Text(allow_none=True)
    account_ref = f.Text(allow_none=True)
    notes = f.Text(allow_none=True)
    is_active = f.Flag()
    archived_at = f.Timestamp(allow_none=True)
    legacy_id = f.Text(allow_none=True)
    legacy_source = f.Text(allow_none=True)


class SupplierQuery(ListQuery):
    """Filters of the list of suppliers."""

    is_active = f.Flag(data_key="filter[is_active]")
    legacy_source = f.Text(data_key="filter[legacy_source]", max_length=60)
    legacy_id = f.Text(data_key="filter[legacy_id]", max_length=120)


class SupplierItemFields(LfSchema):
    """How a supplier sells a variant: its own number, cost a piece, pieces a pack, days until it comes."""

    supplier_sku = f.Text(max_length=60, allow_none=True)
    cost = f.UnitCost(allow_none=True)
    pack_qty = f.Quantity(low="0.001", load_default=1)
    lead_days = f.Integer(low=0, high=3650, allow_none=True)
    is_preferred = f.Flag(load_default=False)


class SupplierItemIn(SupplierItemFields):
    """A variant that a supplier delivers."""

    supplier_id = ma.fields.UUID(required=True)
    variant_id = ma.fields.UUID(required=True)


class SupplierItemOut(VersionedRow):
    """A variant that a supplier delivers; ``cost`` is there for those who may see costs."""

    supplier_id = ma.fields.UUID()
    variant_id = ma.fields.UUID()
    supplier_sku = f.Text(allow_none=True)
    cost = f.UnitCost(allow_none=True)
    pack_qty = f.Quantity()
    lead_days = f.Integer(allow_none=True)
    is_preferred = f.Flag()


class SupplierItemQuery(ListQuery):
    """Filters of the list of supplier items."""

    supplier_id = ma.fields.UUID(data_key="filter[supplier_id]")
    variant_id = ma.fields.UUID(data_key="filter[variant_id]")
