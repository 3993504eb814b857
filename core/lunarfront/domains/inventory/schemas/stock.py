"""Balances, movements, units and their look-up rows (domain-core.md §3.5)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LfSchema, Row, VersionedRow


class StockOut(VersionedRow):
    """Stock of a variant at a location; ``pool_value`` is there for those who may see costs."""

    variant_id = ma.fields.UUID()
    location_id = ma.fields.UUID()
    sku = f.Text()
    name = f.Text()
    qty_on_hand = f.Quantity()
    qty_reserved = f.Quantity()
    available = f.Quantity()
    pool_value = f.Money()
    reorder_point = f.Quantity(allow_none=True)
    reorder_to = f.Quantity(allow_none=True)
    bin = f.Text(allow_none=True)


class StockQuery(ListQuery):
    """Filters of the stock list."""

    variant_id = ma.fields.UUID(data_key="filter[variant_id]")
    location_id = ma.fields.UUID(data_key="filter[location_id]")
    category_id = ma.fields.UUID(data_key="filter[category_id]")
    negative = f.Flag(data_key="filter[negative]")
    low = f.Flag(data_key="filter[low]")


class PlaceChange(LfSchema):
    """Where a variant lies and when it is reordered; quantities change by movements only."""

    reorder_point = f.Quantity(low="0", allow_none=True)
    reorder_to = f.Quantity(low="0", allow_none=True)
    bin = f.Text(max_length=40, allow_none=True)


class PlaceIn(PlaceChange):
    """The same for a variant that never moved at a location."""

    variant_id = ma.fields.UUID(required=True)
    location_id = ma.fields.UUID(required=True)


class MovementOut(Row):
    """A change of a balance: ``qty`` and ``value`` are signed, goods that come in are positive (MON-06)."""

    variant_id = ma.fields.UUID()
    location_id = ma.fields.UUID()
    sku = f.Text()
    name = f.Text()
    kind = f.Text()
    qty = f.Quantity()
    value = f.Money()
    qty_after = f.Quantity()
    value_after = f.Money()
    source_type = f.Text()
    source_id = ma.fields.UUID()
    unit_id = ma.fields.UUID(allow_none=True)
    reason_code = f.Text(allow_none=True)
    note = f.Text(allow_none=True)
    business_date = ma.fields.Date()


class MovementQuery(ListQuery):
    """Filters of the list of movements; dates are business dates, inclusive."""

    variant_id = ma.fields.UUID(data_key="filter[variant_id]")
    location_id = ma.fields.UUID(data_key="filter[location_id]")
    kind = f.Text(data_key="filter[kind]", max_length=60)
    source_type = f.Text(data_key="filter[source_type]", max_length=60)
    source_id = ma.fields.UUID(data_key="filter[source_id]")
    unit_id = ma.fields.UUID(data_key="filter[unit_id]")
    from_date = ma.fields.Date(data_key="filter[from]")
    to_date = ma.fields.Date(data_key="filter[to]")


class UnitOut(VersionedRow):
    """A piece with a serial number; ``behaves_as`` is its system status, ``cost`` for those who may see costs."""

    variant_id = ma.fields.UUID()
    location_id = ma.fields.UUID()
    sku = f.Text()
    name = f.Text()
    serial = f.Text()
    status = f.Text()
    status_name = f.Text()
    behaves_as = f.Text()
    condition = f.Text()
    condition_name = f.Text()
    is_used = f.Flag()
    ownership = f.Text()
    owner_account_id = ma.fields.UUID(allow_none=True)
    cost = f.Money()
    acquired_on = ma.fields.Date(allow_none=True)
    supplier_id = ma.fields.UUID(allow_none=True)
    sold_transaction_id = ma.fields.UUID(allow_none=True)
    notes = f.Text(allow_none=True)
    legacy_id = f.Text(allow_none=True)
    legacy_source = f.Text(allow_none=True)


class UnitQuery(ListQuery):
    """Filters of the list of units; status and condition are system slugs."""

    variant_id = ma.fields.UUID(data_key="filter[variant_id]")
    location_id = ma.fields.UUID(data_key="filter[location_id]")
    status = f.Text(data_key="filter[status]", max_length=40)
    condition = f.Text(data_key="filter[condition]", max_length=40)
    is_used = f.Flag(data_key="filter[is_used]")


class LookupRowChange(LfSchema):
    """A change of a status or condition; fields left out stay."""

    name = f.Text(max_length=80)
    behaves_as = f.Text(max_length=40)
    sort = f.Integer(low=0, high=1_000_000)
    is_active = f.Flag()


class LookupRowIn(LfSchema):
    """A status or condition of the company's own; ``behaves_as`` is the system slug that code looks at (INV-25)."""

    slug = f.Text(max_length=40, required=True, validate=ma.validate.Regexp(r"^[a-z][a-z0-9_]*\Z"))
    name = f.Text(max_length=80, required=True)
    behaves_as = f.Text(max_length=40, required=True)
    sort = f.Integer(low=0, high=1_000_000, load_default=100)


class LookupRowOut(VersionedRow):
    """A status or condition."""

    slug = f.Text()
    name = f.Text()
    is_system = f.Flag()
    behaves_as = f.Text()
    sort = f.Integer()
    is_active = f.Flag()


LookupRowPage = page_schema(LookupRowOut)


class LookupRowQuery(ListQuery):
    """Filters of these lists."""

    is_active = f.Flag(data_key="filter[is_active]")
