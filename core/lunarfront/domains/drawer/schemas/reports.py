"""X and Z report, the day of a location, and the history of differences."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema


class CashOut(LfSchema):
    """The cash lines of a report; null where a blind count is still to come."""

    opening_float = f.Money()
    opening_variance = f.Money()
    opening_denominations = ma.fields.Dict(allow_none=True)
    sales = f.Money(allow_none=True)
    refunds = f.Money(allow_none=True)
    paid_in = f.Money()
    paid_out = f.Money()
    tip_payouts = f.Money()
    drops = f.Money()
    floats = f.Money()
    expected = f.Money(allow_none=True)
    first_count = f.Money(allow_none=True)
    count_tries = f.Integer()
    counted = f.Money(allow_none=True)
    closing_denominations = ma.fields.Dict(allow_none=True)
    over_short = f.Money(allow_none=True)
    variance_reason_code = f.Text(allow_none=True)
    variance_note = f.Text(allow_none=True)
    left_in_drawer = f.Money(allow_none=True)
    close_drop = f.Money()


class TotalsOut(LfSchema):
    """Sums of one kind of transaction; refunds are negative (MON-06)."""

    count = f.Integer()
    subtotal = f.Money()
    discounts = f.Money()
    net = f.Money()
    tax = f.Money()
    tips = f.Money()
    fees = f.Money()
    total = f.Money()


class VoidsOut(LfSchema):
    """Voided sales."""

    count = f.Integer()
    total = f.Money()


class TaxSumOut(LfSchema):
    """Tax of one component at one rate."""

    name = f.Text()
    jurisdiction = f.Text()
    rate = f.Rate()
    taxable_amount = f.Money()
    exempt_amount = f.Money()
    amount = f.Money()


class TenderSumOut(LfSchema):
    """What was paid by one type of tender."""

    type = f.Text()
    count = f.Integer()
    amount = f.Money(allow_none=True)


class MovementSumOut(LfSchema):
    """The sum of one kind of movement."""

    kind = f.Text()
    count = f.Integer()
    amount = f.Money(allow_none=True)


class UserSumOut(LfSchema):
    """What one person sold and took back."""

    user_id = f.Text()
    name = f.Text()
    count = f.Integer()
    net = f.Money()
    total = f.Money()


class PartOut(LfSchema):
    """Figures of sales and cash."""

    sales = ma.fields.Nested(TotalsOut)
    refunds = ma.fields.Nested(TotalsOut)
    exchanges = ma.fields.Nested(TotalsOut)
    rounding = f.Money()
    gift_cards_sold = f.Money()
    voids = ma.fields.Nested(VoidsOut)
    taxes = ma.fields.List(ma.fields.Nested(TaxSumOut))
    tenders = ma.fields.List(ma.fields.Nested(TenderSumOut))
    movements = ma.fields.List(ma.fields.Nested(MovementSumOut))
    users = ma.fields.List(ma.fields.Nested(UserSumOut))


class DatedPartOut(PartOut):
    """Figures of one business date (DRW-12)."""

    business_date = f.Text()


class DrawerReportOut(LfSchema):
    """X or Z report (DRW-06, DRW-11). ``audit_head`` is the head of the audit trail when a Z report was written."""

    kind = f.Text()
    z_number = f.Integer(allow_none=True)
    session_id = f.Text()
    drawer_id = f.Text()
    drawer_name = f.Text()
    location_id = f.Text()
    location_name = f.Text()
    terminal_id = f.Text()
    terminal_name = f.Text()
    currency = f.Text()
    status = f.Text()
    as_of = f.Text()
    opened_at = f.Text()
    opened_by_name = f.Text(allow_none=True)
    closed_at = f.Text(allow_none=True)
    closed_by_name = f.Text(allow_none=True)
    approved_by_name = f.Text(allow_none=True)
    business_date = f.Text()
    closing_date = f.Text(allow_none=True)
    forced = f.Flag()
    not_counted = f.Flag()
    cash = ma.fields.Nested(CashOut)
    no_sales = f.Integer()
    totals = ma.fields.Nested(PartOut)
    dates = ma.fields.List(ma.fields.Nested(DatedPartOut))
    warnings = ma.fields.List(ma.fields.String())
    audit_head = f.Text(allow_none=True)


class DrawerHistoryQuery(LfSchema):
    """Range of business dates of the close, both inclusive."""

    start = ma.fields.Date(data_key="from", required=True)
    end = ma.fields.Date(data_key="to", required=True)
    drawer_id = ma.fields.UUID()
    location_id = ma.fields.UUID()
    user_id = ma.fields.UUID()


class DrawerHistoryRowOut(LfSchema):
    """One close. ``running_sum`` adds differences at opening and close of the drawer within the answer."""

    session_id = ma.fields.UUID()
    drawer_id = ma.fields.UUID()
    drawer_name = f.Text()
    location_id = ma.fields.UUID()
    closing_date = ma.fields.Date()
    closed_at = f.Timestamp()
    z_number = f.Integer()
    opened_by_id = ma.fields.UUID()
    opened_by_name = f.Text()
    user_id = ma.fields.UUID()
    user_name = f.Text()
    expected = f.Money()
    first_count = f.Money(allow_none=True)
    counted = f.Money(allow_none=True)
    over_short = f.Money(allow_none=True)
    opening_variance = f.Money()
    running_sum = f.Money()
    variance_reason_code = f.Text(allow_none=True)
    variance_note = f.Text(allow_none=True)
    approval_id = ma.fields.UUID(allow_none=True)
    approved_by_name = f.Text(allow_none=True)
    forced = f.Flag()
    is_pending = f.Flag()


class DrawerHistoryOut(LfSchema):
    """Over/short history."""

    items = ma.fields.List(ma.fields.Nested(DrawerHistoryRowOut))


class DrawerDayQuery(LfSchema):
    """A business date at a location."""

    date = ma.fields.Date(required=True)
    location_id = ma.fields.UUID(required=True)


class DayDrawerOut(LfSchema):
    """One drawer session of the day; ``figures`` is its part of the date."""

    id = f.Text()
    drawer_id = f.Text()
    drawer_name = f.Text()
    terminal_name = f.Text()
    status = f.Text()
    z_number = f.Integer(allow_none=True)
    opened_by_name = f.Text(allow_none=True)
    closed_by_name = f.Text(allow_none=True)
    forced = f.Flag()
    not_counted = f.Flag()
    expected_total = f.Money(allow_none=True)
    counted_total = f.Money(allow_none=True)
    over_short = f.Money(allow_none=True)
    opening_variance = f.Money()
    left_in_drawer = f.Money(allow_none=True)
    deposited = f.Money(allow_none=True)
    figures = ma.fields.Nested(PartOut)


class DayGroupOut(LfSchema):
    """Drawers that are closed, or those that are still open."""

    drawers = ma.fields.List(ma.fields.Nested(DayDrawerOut))
    totals = ma.fields.Nested(PartOut)
    over_short = f.Money()
    opening_variance = f.Money()
    counted = f.Money()
    not_counted = f.Integer()


class DrawerDayOut(LfSchema):
    """Daily location report (DRW-14)."""

    date = f.Text()
    location_id = f.Text()
    location_name = f.Text()
    currency = f.Text()
    closed = ma.fields.Nested(DayGroupOut)
    open = ma.fields.Nested(DayGroupOut)
    without_drawer = ma.fields.Nested(PartOut)
    total = ma.fields.Nested(PartOut)
