"""Categories (domain-core.md §3.4)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LegacyIn, VersionedRow

FEE_TYPES = ("none", "percent", "flat")


class CategoryIn(LegacyIn):
    """A new category. Accounts are roles of the chart, such as ``sales``; ``restock_fee_value`` is percent or money."""

    name = f.Text(max_length=120, required=True)
    parent_id = ma.fields.UUID(allow_none=True)
    tax_category = f.Text(max_length=40, load_default="standard")
    revenue_account = f.Text(max_length=60, load_default="sales")
    cogs_account = f.Text(max_length=60, load_default="cogs")
    inventory_account = f.Text(max_length=60, load_default="inventory")
    discountable = f.Flag(load_default=True)
    returnable = f.Flag(load_default=True)
    return_days = f.Integer(low=0, high=3650, allow_none=True)
    restock_fee_type = f.Choice(*FEE_TYPES, load_default="none")
    restock_fee_value = f.UnitCost(allow_none=True)
    sku_prefix = f.Text(max_length=12, allow_none=True)
    sort = f.Integer(low=0, high=1_000_000, load_default=0)


class CategoryChange(CategoryIn):
    """A change of a category; fields left out stay."""

    is_active = f.Flag()

    class Meta:
        unknown = ma.RAISE
        exclude = ("legacy_id", "legacy_source")


class CategoryOut(VersionedRow):
    """A category."""

    name = f.Text()
    parent_id = ma.fields.UUID(allow_none=True)
    tax_category = f.Text()
    revenue_account = f.Text()
    cogs_account = f.Text()
    inventory_account = f.Text()
    discountable = f.Flag()
    returnable = f.Flag()
    return_days = f.Integer(allow_none=True)
    restock_fee_type = f.Text()
    restock_fee_value = f.UnitCost(allow_none=True)
    sku_prefix = f.Text(allow_none=True)
    sort = f.Integer()
    is_active = f.Flag()
    archived_at = f.Timestamp(allow_none=True)
    legacy_id = f.Text(allow_none=True)
    legacy_source = f.Text(allow_none=True)


class CategoryQuery(ListQuery):
    """Filters of the list of categories."""

    parent_id = ma.fields.UUID(data_key="filter[parent_id]")
    top = f.Flag(data_key="filter[top]")
    is_active = f.Flag(data_key="filter[is_active]")
    legacy_source = f.Text(data_key="filter[legacy_source]", max_length=60)
    legacy_id = f.Text(data_key="filter[legacy_id]", max_length=120)
