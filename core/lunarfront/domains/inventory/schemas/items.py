"""Items as a till shows them (INV-02)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema


class ItemOut(LfSchema):
    """A variant with price and stock at the caller's location (without a terminal: of all locations).

    ``on_hand`` is null for kinds without stock; ``pack_qty`` pieces are meant by the scanned code; ``unit_id``,
    ``serial`` and ``unit_status`` are there when a serial number was scanned.
    """

    variant_id = ma.fields.UUID()
    product_id = ma.fields.UUID()
    category_id = ma.fields.UUID()
    sku = f.Text()
    name = f.Text()
    kind = f.Text()
    price = f.Money()
    pack_qty = f.Quantity()
    on_hand = f.Quantity(allow_none=True)
    is_serialized = f.Flag()
    is_divisible = f.Flag()
    is_active = f.Flag()
    legacy_id = f.Text(allow_none=True)
    unit_id = ma.fields.UUID()
    serial = f.Text()
    unit_status = f.Text()


class ItemQuery(ListQuery):
    """Filters of the list of variants; archived ones are left out unless asked for."""

    category_id = ma.fields.UUID(data_key="filter[category_id]")
    product_id = ma.fields.UUID(data_key="filter[product_id]")
    kind = f.Text(data_key="filter[kind]", max_length=60)
    is_active = f.Flag(data_key="filter[is_active]", load_default=True)
    legacy_source = f.Text(data_key="filter[legacy_source]", max_length=60)
    legacy_id = f.Text(data_key="filter[legacy_id]", max_length=120)


class LookupQuery(LfSchema):
    """A scanned or typed code."""

    code = f.Text(max_length=80, required=True)


class LookupOut(LfSchema):
    """The items that a code means: one, or several to choose from."""

    items = ma.fields.List(ma.fields.Nested(ItemOut))
