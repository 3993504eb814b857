"""Requests and answers of stock adjustments."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.approvals.schemas import ApprovalIn


class AdjustmentLineIn(LfSchema):
    """Pieces added or taken (``qty``, signed), or only a value."""

    variant_id = ma.fields.UUID(required=True)
    qty = f.Quantity()
    value = f.Money()
    unit_id = ma.fields.UUID()


class AdjustmentIn(LfSchema):
    """A correction of stock at the till's location, with its reason (INV-20)."""

    client_uuid = ma.fields.UUID()
    reason_code = f.Text(max_length=40)
    note = f.Text(max_length=500)
    lines = ma.fields.List(
        ma.fields.Nested(AdjustmentLineIn), required=True, validate=ma.validate.Length(min=1, max=500)
    )
    approval = ma.fields.Nested(ApprovalIn)
    legacy_id = f.Text(max_length=120)
    legacy_source = f.Text(max_length=60)


class AdjustedLineOut(LfSchema):
    """What moved."""

    variant_id = ma.fields.UUID()
    sku = ma.fields.String()
    qty = f.Quantity()
    value = f.Money()
    qty_after = f.Quantity()


class AdjustmentOut(LfSchema):
    """An adjustment with its number."""

    id = ma.fields.UUID()
    number = ma.fields.String()
    business_date = ma.fields.Date()
    lines = ma.fields.List(ma.fields.Nested(AdjustedLineOut))
