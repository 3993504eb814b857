"""Requests and answers of reports."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema


class RangeQuery(LfSchema):
    """A range of business dates (both inclusive), of one location or all."""

    date_from = ma.fields.Date(required=True)
    date_to = ma.fields.Date(required=True)
    location_id = ma.fields.UUID()

    @ma.validates_schema
    def _order(self, data: dict[str, object], **_: object) -> None:
        if data["date_from"] > data["date_to"]:  # type: ignore[operator]
            raise f.refuse("validation_failed", "The range ends before it begins.")


class TaxLineOut(LfSchema):
    """One component at one rate."""

    jurisdiction = ma.fields.String()
    component = ma.fields.String()
    rate = f.Rate()
    gross = f.Money()
    exempt = f.Money()
    taxable = f.Money()
    collected = f.Money()
    refunded = f.Money()
    due = f.Money()


class ExemptOut(LfSchema):
    """Exempt sales of one reason."""

    reason = ma.fields.String()
    amount = f.Money()


class SalesTaxOut(LfSchema):
    """The tax report; ``difference`` to the tax account is 0.00 (TAX-12)."""

    date_from = ma.fields.Date()
    date_to = ma.fields.Date()
    lines = ma.fields.List(ma.fields.Nested(TaxLineOut))
    exempt_by_reason = ma.fields.List(ma.fields.Nested(ExemptOut))
    collected = f.Money()
    refunded = f.Money()
    due = f.Money()
    ledger = f.Money()
    difference = f.Money()
