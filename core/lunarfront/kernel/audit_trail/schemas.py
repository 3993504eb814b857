"""What the audit pages of the API take and give."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema


class AuditFilter(LfSchema):
    """Which rows: moments are inclusive at the start and exclusive at the end."""

    since = f.Timestamp(data_key="filter[from]")
    until = f.Timestamp(data_key="filter[to]")
    actor = f.Text(data_key="filter[actor]")
    user_id = ma.fields.UUID(data_key="filter[user_id]")
    action = f.Text(
        data_key="filter[action]", metadata={"description": "an action, or an area such as `pos`"}
    )
    entity_type = f.Text(data_key="filter[entity_type]")
    entity_id = ma.fields.UUID(data_key="filter[entity_id]")
    location_id = ma.fields.UUID(data_key="filter[location_id]")
    amount = f.Money(data_key="filter[amount]")


class AuditQuery(ListQuery, AuditFilter):
    """A page of the trail."""


class AuditExportQuery(AuditFilter):
    """The rows of an export."""


class AuditRowOut(LfSchema):
    """One act. ``seq`` is null until the sealer has numbered the row (AUD-04)."""

    id = ma.fields.UUID()
    seq = ma.fields.Integer(allow_none=True)
    occurred_at = f.Timestamp()
    actor = ma.fields.String()
    user_id = ma.fields.UUID(allow_none=True)
    terminal_id = ma.fields.UUID(allow_none=True)
    location_id = ma.fields.UUID(allow_none=True)
    request_id = ma.fields.String(allow_none=True)
    ip = ma.fields.String(allow_none=True)
    action = ma.fields.String()
    entity_type = ma.fields.String()
    entity_id = ma.fields.UUID(allow_none=True)
    old = ma.fields.Dict(allow_none=True)
    new = ma.fields.Dict(allow_none=True)
    reason_code = ma.fields.String(allow_none=True)
    note = ma.fields.String(allow_none=True)
    approval_required = ma.fields.Boolean()
    approval_id = ma.fields.UUID(allow_none=True)


class ChainOut(LfSchema):
    """One chain: ``broken`` is the first bad number, ``overdue`` counts rows unsealed for over a minute."""

    kind = ma.fields.String()
    ok = ma.fields.Boolean()
    head = ma.fields.String(allow_none=True)
    broken = ma.fields.Integer(allow_none=True)
    reason = ma.fields.String(allow_none=True)
    overdue = ma.fields.Integer()


class VerificationOut(LfSchema):
    """The chains of the company."""

    ok = ma.fields.Boolean()
    chains = ma.fields.List(ma.fields.Nested(ChainOut))


class ChangeLogQuery(ListQuery):
    """Which lines of the field history."""

    table_name = f.Text(data_key="filter[table]", max_length=63)
    row_id = ma.fields.UUID(data_key="filter[row_id]")
    user_id = ma.fields.UUID(data_key="filter[user_id]")
    since = f.Timestamp(data_key="filter[from]")
    until = f.Timestamp(data_key="filter[to]")


class FieldChangeOut(LfSchema):
    """One field of one row, before and after."""

    id = ma.fields.UUID()
    table = ma.fields.String(attribute="table_name")
    row_id = ma.fields.UUID()
    field = ma.fields.String()
    old = ma.fields.Raw(allow_none=True)
    new = ma.fields.Raw(allow_none=True)
    user_id = ma.fields.UUID(allow_none=True)
    request_id = ma.fields.String(allow_none=True)
    created_at = f.Timestamp()
