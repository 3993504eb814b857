"""Tax exemptions (TAX-09, TAX-13)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LfSchema, VersionedRow

STATUSES = ("pending", "approved", "revoked", "expired")


class ExemptionChange(LfSchema):
    """A certificate; no jurisdictions mean all. ``valid_to`` is its last day."""

    certificate_number = f.Text(max_length=80, allow_none=True)
    jurisdictions = ma.fields.List(f.Text(max_length=60), validate=ma.validate.Length(max=100))
    reason_code = f.Text(max_length=60, allow_none=True)
    valid_from = ma.fields.Date()
    valid_to = ma.fields.Date(allow_none=True)


class ExemptionIn(ExemptionChange):
    """A new certificate; it waits for approval. It is valid from today when ``valid_from`` is left out."""


class ApproveIn(LfSchema):
    """What was missing until somebody could decide (TAX-13)."""

    certificate_number = f.Text(max_length=80)
    valid_to = ma.fields.Date()


class RevokeIn(LfSchema):
    """Why a certificate no longer counts."""

    note = f.Text(max_length=500, allow_none=True)


class ExemptionOut(VersionedRow):
    """A certificate with what was decided about it."""

    account_id = ma.fields.UUID()
    status = ma.fields.String()
    certificate_number = ma.fields.String(allow_none=True)
    jurisdictions = ma.fields.List(ma.fields.String())
    reason_code = ma.fields.String(allow_none=True)
    valid_from = ma.fields.Date()
    valid_to = ma.fields.Date(allow_none=True)
    decided_by = ma.fields.UUID(allow_none=True)
    decided_at = f.Timestamp(allow_none=True)


class ExemptionQuery(ListQuery):
    """Filters of certificates."""

    status = f.Choice(*STATUSES, data_key="filter[status]")
    valid_to_before = ma.fields.Date(data_key="filter[valid_to_before]")


ExemptionPage = page_schema(ExemptionOut)
