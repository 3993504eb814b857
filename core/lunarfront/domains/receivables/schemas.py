"""What the API gives about what accounts owe."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema


class BalanceOut(LfSchema):
    """What an account owes (positive) today; ``available_credit`` null means that no limit is set."""

    account_id = ma.fields.UUID()
    currency = ma.fields.String()
    open_balance = f.Money()
    overdue_balance = f.Money()
    credit_limit = f.Money(allow_none=True)
    available_credit = f.Money(allow_none=True)
    terms_days = ma.fields.Integer()
    store_credit = f.Money()


class StatementQuery(LfSchema):
    """The range of issue dates, both ends included; by default this month until today."""

    first = ma.fields.Date(data_key="from")
    last = ma.fields.Date(data_key="to")


class StatementItem(LfSchema):
    """An invoice; a credit note is negative. ``balance`` is what is still open of it today."""

    invoice_id = ma.fields.UUID()
    number = ma.fields.String()
    kind = ma.fields.String()
    issue_date = ma.fields.Date()
    due_date = ma.fields.Date()
    subtotal = f.Money()
    tax = f.Money()
    amount = f.Money()
    balance = f.Money()
    status = ma.fields.String()


class StatementOut(LfSchema):
    """Open items: opening balance plus the balances of the items is the closing balance."""

    account_id = ma.fields.UUID()
    currency = ma.fields.String()
    first = ma.fields.Date(data_key="from")
    last = ma.fields.Date(data_key="to")
    opening_balance = f.Money()
    items = ma.fields.List(ma.fields.Nested(StatementItem))
    closing_balance = f.Money()
