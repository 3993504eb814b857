"""Requests and answers of the cash drawer. Movements are positive; the kind gives the sign (MON-06)."""

import marshmallow as ma

from lunarfront.domains.drawer.rules.cash import RECORDED_KINDS
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema, Row, VersionedRow

MAX_DENOMINATIONS = 40


class Denominations(ma.fields.Dict):
    """Notes and coins counted: value to number of pieces, such as ``{"20.00": 8, "0.25": 5}`` (DRW-04)."""

    def __init__(self, **options: object) -> None:
        super().__init__(
            keys=ma.fields.String(),
            values=f.Integer(low=0, high=1_000_000),
            validate=ma.validate.Length(max=MAX_DENOMINATIONS),
            **options,  # type: ignore[arg-type]
        )


class DrawerApprovalIn(LfSchema):
    """The PIN of somebody who may (USR-04)."""

    user = f.Text(max_length=200, required=True)
    pin = f.Text(max_length=12, required=True)
    reason_code = f.Text(max_length=40, required=True)
    note = f.Text(max_length=500)


class VarianceIn(LfSchema):
    """Why a count differs."""

    variance_reason_code = f.Text(max_length=40)
    variance_note = f.Text(max_length=500)


class DrawerOpenIn(VarianceIn):
    """A counted float. ``from_safe`` says how much of it was just brought from the safe (DRW-02)."""

    drawer_id = ma.fields.UUID()
    opening_float = f.Money(low="0")
    denominations = Denominations()
    from_safe = f.Money(low="0")


class DrawerMovementIn(LfSchema):
    """Cash that comes or goes without a sale; a no-sale has no amount. ``contra_account`` is a role or code."""

    kind = f.Choice(*RECORDED_KINDS, required=True)
    amount = f.Money(low="0")
    reason_code = f.Text(max_length=40)
    note = f.Text(max_length=500)
    contra_account = f.Text(max_length=60)
    approval = ma.fields.Nested(DrawerApprovalIn)


class DrawerCountIn(LfSchema):
    """What was counted: pieces, the total, or both, which must agree (DRW-04)."""

    counted_total = f.Money(low="0")
    denominations = Denominations()


class DrawerCloseIn(VarianceIn):
    """What stays in the drawer; the rest of the count goes to the safe (DRW-11)."""

    left_in_drawer = f.Money(low="0")
    approval = ma.fields.Nested(DrawerApprovalIn)


class DrawerForceCloseIn(DrawerCloseIn):
    """A drawer left behind: counted by two people, or not counted at all (DRW-13)."""

    counted = f.Flag(required=True)
    counted_total = f.Money(low="0")
    denominations = Denominations()
    counted_with_id = ma.fields.UUID()
    note = f.Text(max_length=500, required=True)


class DrawerSessionOut(VersionedRow):
    """A drawer session. ``expected_total`` and ``over_short`` are null while they are hidden (DRW-08)."""

    drawer_id = ma.fields.UUID()
    drawer_name = f.Text()
    terminal_id = ma.fields.UUID()
    terminal_name = f.Text()
    location_id = ma.fields.UUID()
    status = f.Text()
    opened_by = ma.fields.UUID()
    opened_by_name = f.Text(allow_none=True)
    opened_at = f.Timestamp()
    business_date = ma.fields.Date()
    opening_float = f.Money()
    opening_denominations = ma.fields.Dict(allow_none=True)
    opening_variance = f.Money()
    closed_by = ma.fields.UUID(allow_none=True)
    closed_by_name = f.Text(allow_none=True)
    closed_at = f.Timestamp(allow_none=True)
    closing_date = ma.fields.Date(allow_none=True)
    first_count = f.Money(allow_none=True)
    count_tries = f.Integer()
    recounts_left = f.Integer()
    counted_total = f.Money(allow_none=True)
    closing_denominations = ma.fields.Dict(allow_none=True)
    expected_total = f.Money(allow_none=True)
    over_short = f.Money(allow_none=True)
    variance_reason_code = f.Text(allow_none=True)
    variance_note = f.Text(allow_none=True)
    approval_id = ma.fields.UUID(allow_none=True)
    z_number = f.Integer(allow_none=True)
    left_in_drawer = f.Money(allow_none=True)
    deposited = f.Money(allow_none=True)
    forced = f.Flag()
    not_counted = f.Flag()
    warnings = ma.fields.List(ma.fields.String())


class DrawerSessionQuery(ListQuery):
    """Filters of the list of sessions."""

    status = f.Choice("open", "counting", "closed", data_key="filter[status]")
    drawer_id = ma.fields.UUID(data_key="filter[drawer_id]")
    location_id = ma.fields.UUID(data_key="filter[location_id]")
    terminal_id = ma.fields.UUID(data_key="filter[terminal_id]")
    business_date = ma.fields.Date(data_key="filter[business_date]")
    forced = f.Flag(data_key="filter[forced]")


class DrawerMovementOut(Row):
    """A movement as it was recorded."""

    drawer_session_id = ma.fields.UUID()
    kind = f.Text()
    amount = f.Money()
    contra_account = f.Text(allow_none=True)
    reason_code = f.Text(allow_none=True)
    note = f.Text(allow_none=True)
    user_id = ma.fields.UUID()
    approval_id = ma.fields.UUID(allow_none=True)
    business_date = ma.fields.Date()
    occurred_at = f.Timestamp()


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


class DrawerIn(LfSchema):
    """A new drawer. Without ``default_float`` everything counted at a close is meant to go to the safe."""

    location_id = ma.fields.UUID(required=True)
    name = f.Text(max_length=60, required=True)
    default_float = f.Money(low="0")


class DrawerChange(LfSchema):
    """A change of a drawer; fields left out stay."""

    name = f.Text(max_length=60)
    default_float = f.Money(low="0")
    is_active = f.Flag()


class DrawerOut(VersionedRow):
    """A drawer. ``last_left`` is what the last close left in it."""

    location_id = ma.fields.UUID()
    name = f.Text()
    default_float = f.Money()
    last_left = f.Money()
    z_counter = f.Integer()
    is_active = f.Flag()


class DrawerQuery(ListQuery):
    """Filters of the list of drawers."""

    location_id = ma.fields.UUID(data_key="filter[location_id]")
    is_active = f.Flag(data_key="filter[is_active]")


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
