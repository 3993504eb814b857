"""What the routes of discounts take and answer (domain-core.md §3.6)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema, VersionedRow

SCOPES, TYPES = ("line", "cart"), ("percent", "amount")


class NamedDiscountIn(LfSchema):
    """A new discount.

    ``value`` is percent (``"10"`` is 10 %) or money; ``requires_approval_above`` a fraction or money, on the
    discount's own amount (POS-17); dates are inclusive; no categories means all; without ``requires_code`` it applies
    by itself; of those that do not stack the better one is taken (POS-19).
    """

    code = f.Text(max_length=40, required=True)
    name = f.Text(max_length=120, required=True)
    scope = f.Choice(*SCOPES, required=True)
    type = f.Choice(*TYPES, required=True)
    value = f.UnitCost(low="-99999999", required=True)
    starts_on = ma.fields.Date(allow_none=True)
    ends_on = ma.fields.Date(allow_none=True)
    max_uses = f.Integer(low=1, allow_none=True)
    requires_code = f.Flag(load_default=True)
    stackable = f.Flag(load_default=False)
    category_ids = ma.fields.List(ma.fields.UUID(), validate=ma.validate.Length(max=200))
    requires_approval_above = f.UnitCost(low="-99999999", allow_none=True)


class NamedDiscountChange(NamedDiscountIn):
    """A change of a discount; fields left out stay, and so does what was sold with it."""

    is_active = f.Flag()


class NamedDiscountOut(VersionedRow):
    """A discount with its uses so far."""

    code = f.Text()
    name = f.Text()
    scope = f.Text()
    type = f.Text()
    value = f.UnitCost()
    starts_on = ma.fields.Date(allow_none=True)
    ends_on = ma.fields.Date(allow_none=True)
    max_uses = f.Integer(allow_none=True)
    used_count = f.Integer()
    requires_code = f.Flag()
    stackable = f.Flag()
    category_ids = ma.fields.List(ma.fields.UUID())
    requires_approval_above = f.UnitCost(allow_none=True)
    is_active = f.Flag()


class NamedDiscountQuery(ListQuery):
    """Filters of the list of discounts."""

    scope = f.Choice(*SCOPES, data_key="filter[scope]")
    is_active = f.Flag(data_key="filter[is_active]")
