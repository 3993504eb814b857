"""Requests and answers of drawer sessions. Movements are positive; the kind gives the sign (MON-06)."""

import marshmallow as ma

from lunarfront.domains.drawer.rules.cash import RECORDED_KINDS
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema, Row, VersionedRow
from lunarfront.kernel.approvals.schemas import ApprovalIn

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
    approval = ma.fields.Nested(ApprovalIn)


class DrawerCountIn(LfSchema):
    """What was counted: pieces, the total, or both, which must agree (DRW-04)."""

    counted_total = f.Money(low="0")
    denominations = Denominations()


class DrawerCloseIn(VarianceIn):
    """What stays in the drawer; the rest of the count goes to the safe (DRW-11)."""

    left_in_drawer = f.Money(low="0")
    approval = ma.fields.Nested(ApprovalIn)


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
