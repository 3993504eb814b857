"""Answers about the books."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LfSchema


class AccountCodeOut(LfSchema):
    """An account of the chart."""

    id = ma.fields.UUID()
    code = ma.fields.String()
    name = ma.fields.String()
    type = ma.fields.String()
    role = ma.fields.String(allow_none=True)
    quickbooks_account_name = ma.fields.String(allow_none=True)
    is_active = ma.fields.Boolean()
    version = ma.fields.Integer()


class EntryLineOut(LfSchema):
    """One side of an entry."""

    line_no = ma.fields.Integer()
    code = ma.fields.String()
    name = ma.fields.String()
    role = ma.fields.String(allow_none=True)
    debit = f.Money()
    credit = f.Money()
    location_id = ma.fields.UUID()
    account_id = ma.fields.UUID(allow_none=True)
    tax_component_id = ma.fields.UUID(allow_none=True)


class EntryOut(LfSchema):
    """An entry; ``number`` is null until it is sealed (ACC-23)."""

    id = ma.fields.UUID()
    number = ma.fields.Integer(allow_none=True)
    entry_date = ma.fields.Date()
    event_type = ma.fields.String()
    event_id = ma.fields.UUID()
    memo = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    reverses_id = ma.fields.UUID(allow_none=True)
    original_event_date = ma.fields.Date(allow_none=True)
    total_debits = f.Money()
    total_credits = f.Money()
    created_at = f.Timestamp()
    lines = ma.fields.List(ma.fields.Nested(EntryLineOut))


class EntryRowOut(EntryOut):
    """A row of the list of entries."""

    class Meta:
        exclude = ("lines",)


class EntryQuery(ListQuery):
    """Filters of the list of entries."""

    event_type = f.Text(max_length=60, data_key="filter[event_type]")
    event_id = ma.fields.UUID(data_key="filter[event_id]")
    date_from = ma.fields.Date(data_key="filter[date_from]")
    date_to = ma.fields.Date(data_key="filter[date_to]")


class TrialBalanceQuery(LfSchema):
    """Range of business dates."""

    date_from = ma.fields.Date()
    date_to = ma.fields.Date()
    location_id = ma.fields.UUID()


class TrialBalanceLineOut(LfSchema):
    """Movement of one account in the range, with its balance before and after (debit positive)."""

    code = ma.fields.String()
    name = ma.fields.String()
    type = ma.fields.String()
    opening = f.Money()
    debits = f.Money()
    credits = f.Money()
    closing = f.Money()


class TrialBalanceOut(LfSchema):
    """All accounts that moved; total debits equal total credits."""

    lines = ma.fields.List(ma.fields.Nested(TrialBalanceLineOut))
    total_debits = f.Money()
    total_credits = f.Money()
    difference = f.Money()


EntryPage = page_schema(EntryRowOut)
