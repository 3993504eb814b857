"""Price lists (POS-06)."""

import marshmallow as ma

from lunarfront.domains.catalog.schemas.products import MAX_BULK, at_most
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema, VersionedRow


class PriceListIn(LfSchema):
    """A new price list: for a location, or for accounts (then the location does not matter); dates inclusive."""

    code = f.Text(max_length=40, required=True)
    name = f.Text(max_length=120, required=True)
    location_id = ma.fields.UUID(allow_none=True)
    account_ids = ma.fields.List(ma.fields.UUID(), validate=ma.validate.Length(max=500))
    starts_on = ma.fields.Date(allow_none=True)
    ends_on = ma.fields.Date(allow_none=True)


class PriceListChange(PriceListIn):
    """A change of a price list; fields left out stay."""

    is_active = f.Flag()


class PriceListOut(VersionedRow):
    """A price list."""

    code = f.Text()
    name = f.Text()
    location_id = ma.fields.UUID(allow_none=True)
    account_ids = ma.fields.List(ma.fields.UUID())
    starts_on = ma.fields.Date(allow_none=True)
    ends_on = ma.fields.Date(allow_none=True)
    is_active = f.Flag()


class PriceListQuery(ListQuery):
    """Filters of the list of price lists."""

    is_active = f.Flag(data_key="filter[is_active]")
    location_id = ma.fields.UUID(data_key="filter[location_id]")


class PriceIn(LfSchema):
    """The price of a variant in a list."""

    variant_id = ma.fields.UUID(required=True)
    price = f.Money(low="0", required=True)


class PricesIn(LfSchema):
    """Prices to set in a list; those of other variants stay."""

    items = ma.fields.List(ma.fields.Nested(PriceIn), required=True, validate=at_most(MAX_BULK))


class PriceOut(LfSchema):
    """The price of a variant in a list."""

    variant_id = ma.fields.UUID()
    sku = f.Text()
    name = f.Text()
    price = f.Money()


class PricesOut(LfSchema):
    """How many prices were set."""

    count = f.Integer()
