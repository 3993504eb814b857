"""Requests and answers of the point of sale. Money and quantities are strings; a return line is negative (MON-06)."""

from decimal import Decimal

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.approvals.schemas import ApprovalIn

BODY_LINES = 2000


class PercentOrAmount(f.ExactDecimal):
    """A percentage (0 to 100) or an amount, as the discount's type says."""

    codes = dict.fromkeys(("type", "form", "places", "range"), "discount_invalid")


class DiscountIn(LfSchema):
    """A manual discount with its reason, or a promotion by its code (POS-14, POS-19)."""

    type = f.Choice("percent", "amount")
    value = PercentOrAmount(low="0", high="9999999999.99")
    code = f.Text(max_length=40)
    reason_code = f.Text(max_length=40)
    note = f.Text(max_length=500)

    @ma.validates_schema
    def _check(self, data: dict[str, object], **_: object) -> None:
        if "code" in data:
            if "type" in data or "value" in data:
                raise f.refuse("discount_invalid", "A promotion brings its own type and value.")
        elif "type" not in data or "value" not in data:
            raise f.refuse("discount_invalid", "A discount needs type and value, or a code.")
        elif data["type"] == "percent" and data["value"] > 100:  # type: ignore[operator]
            raise f.refuse("discount_invalid", "At most 100 percent.")


class LineIn(LfSchema):
    """One line as the customer wants it."""

    variant_id = ma.fields.UUID(required=True)
    qty = f.Quantity(load_default=Decimal(1))
    unit_id = ma.fields.UUID()
    unit_price = f.Money(low="0")
    reason_code = f.Text(max_length=40)
    note = f.Text(max_length=500)
    description = f.Text(max_length=300)
    discounts = ma.fields.List(
        ma.fields.Nested(DiscountIn), load_default=list, validate=ma.validate.Length(max=20)
    )
    no_cart_discount = f.Flag(load_default=False)
    sold_by_id = ma.fields.UUID()


class TenderIn(LfSchema):
    """How a part of the bill is paid; cash names ``tendered``, others ``amount`` (POS-28, POS-29)."""

    type = f.Choice("cash", "card", "check", "store_credit", "account", required=True)
    amount = f.Money(low="0")
    tendered = f.Money(low="0")
    reference = f.Text(max_length=120)


class QuoteIn(LfSchema):
    """A cart: what is priced by ``/transactions/quote`` and kept while a sale is pending."""

    client_uuid = ma.fields.UUID()
    kind = f.Choice("sale", load_default="sale")
    account_id = ma.fields.UUID(allow_none=True)
    member_id = ma.fields.UUID(allow_none=True)
    sold_by_id = ma.fields.UUID(allow_none=True)
    lines = ma.fields.List(ma.fields.Nested(LineIn), load_default=list)
    discounts = ma.fields.List(
        ma.fields.Nested(DiscountIn), load_default=list, validate=ma.validate.Length(max=20)
    )
    tenders = ma.fields.List(
        ma.fields.Nested(TenderIn), load_default=list, validate=ma.validate.Length(max=20)
    )
    use_exemption = f.Flag(load_default=True)
    exact_cash = f.Flag(load_default=False)
    expected_total = f.Money()
    complete = f.Flag(load_default=False)
    approval = ma.fields.Nested(ApprovalIn)
    client_recorded_at = f.Timestamp()
    legacy_id = f.Text(max_length=120)
    legacy_source = f.Text(max_length=60)

    @ma.validates("lines")
    def _count(self, lines: list[object], **_: object) -> None:
        if len(lines) > BODY_LINES:
            raise f.refuse("too_many_lines", f"At most {BODY_LINES} lines.")


class SaleIn(QuoteIn):
    """A sale: pending, or with ``complete`` the whole sale in one request (POS-48)."""

    client_uuid = ma.fields.UUID(required=True)


class LinePatch(LfSchema):
    """Changes of one line of a pending cart."""

    qty = f.Quantity()
    unit_price = f.Money(low="0", allow_none=True)
    reason_code = f.Text(max_length=40, allow_none=True)
    note = f.Text(max_length=500, allow_none=True)
    description = f.Text(max_length=300)
    discounts = ma.fields.List(ma.fields.Nested(DiscountIn), validate=ma.validate.Length(max=20))
    no_cart_discount = f.Flag()


class CartPatch(LfSchema):
    """Changes of a pending cart that are not lines, discounts or tenders."""

    account_id = ma.fields.UUID(allow_none=True)
    member_id = ma.fields.UUID(allow_none=True)
    sold_by_id = ma.fields.UUID(allow_none=True)
    use_exemption = f.Flag()
    exact_cash = f.Flag()


class CompleteIn(LfSchema):
    """Completion of a pending cart."""

    expected_total = f.Money()
    exact_cash = f.Flag()
    tenders = ma.fields.List(ma.fields.Nested(TenderIn), validate=ma.validate.Length(max=20))
    approval = ma.fields.Nested(ApprovalIn)


class HoldIn(LfSchema):
    """Putting a cart aside (POS-08)."""

    label = f.Text(max_length=80, load_default="")


class VoidIn(LfSchema):
    """Cancelling a cart, or voiding a completed sale of today (POS-09, POS-24)."""

    reason_code = f.Text(max_length=40)
    note = f.Text(max_length=500)
    approval = ma.fields.Nested(ApprovalIn)


class ReturnLineIn(LfSchema):
    """A line that comes back."""

    line_id = ma.fields.UUID(required=True)
    qty = f.Quantity(required=True)
    restock = f.Choice("sellable", "damaged", "none")
    reason_code = f.Text(max_length=40)
    note = f.Text(max_length=500)
    unit_id = ma.fields.UUID()


class NoReceiptLineIn(LfSchema):
    """An item that comes back without a receipt (RET-11)."""

    variant_id = ma.fields.UUID(required=True)
    qty = f.Quantity(required=True)
    unit_price = f.Money(low="0")
    restock = f.Choice("sellable", "damaged", "none", load_default="sellable")
    reason_code = f.Text(max_length=40)
    note = f.Text(max_length=500)


class RefundIn(LfSchema):
    """A refund of lines of one sale. Without ``tenders`` money goes back the way it came (RET-07)."""

    client_uuid = ma.fields.UUID(required=True)
    lines = ma.fields.List(
        ma.fields.Nested(ReturnLineIn), required=True, validate=ma.validate.Length(max=BODY_LINES)
    )
    tenders = ma.fields.List(ma.fields.Nested(TenderIn), validate=ma.validate.Length(max=20))
    waive_fee = f.Flag(load_default=False)
    approval = ma.fields.Nested(ApprovalIn)
    legacy_id = f.Text(max_length=120)
    legacy_source = f.Text(max_length=60)


class NoReceiptRefundIn(LfSchema):
    """A refund without receipt (RET-11)."""

    client_uuid = ma.fields.UUID(required=True)
    account_id = ma.fields.UUID(allow_none=True)
    lines = ma.fields.List(
        ma.fields.Nested(NoReceiptLineIn), required=True, validate=ma.validate.Length(max=BODY_LINES)
    )
    tenders = ma.fields.List(ma.fields.Nested(TenderIn), validate=ma.validate.Length(max=20))
    approval = ma.fields.Nested(ApprovalIn)
    legacy_id = f.Text(max_length=120)
    legacy_source = f.Text(max_length=60)


class ExchangeIn(LfSchema):
    """Goods back and new goods in one transaction (RET-10)."""

    client_uuid = ma.fields.UUID(required=True)
    original_transaction_id = ma.fields.UUID(required=True)
    returns = ma.fields.List(
        ma.fields.Nested(ReturnLineIn), required=True, validate=ma.validate.Length(min=1, max=500)
    )
    lines = ma.fields.List(
        ma.fields.Nested(LineIn), required=True, validate=ma.validate.Length(min=1, max=500)
    )
    discounts = ma.fields.List(
        ma.fields.Nested(DiscountIn), load_default=list, validate=ma.validate.Length(max=20)
    )
    tenders = ma.fields.List(
        ma.fields.Nested(TenderIn), load_default=list, validate=ma.validate.Length(max=20)
    )
    approval = ma.fields.Nested(ApprovalIn)


class ReceiptIn(LfSchema):
    """A receipt to print; a gift receipt has no prices (POS-21)."""

    gift = f.Flag(load_default=False)


class ReceiptOut(LfSchema):
    """What was handed out: an original, a duplicate or a gift receipt."""

    id = ma.fields.UUID()
    transaction_id = ma.fields.UUID()
    number = ma.fields.String()
    kind = ma.fields.String()


class RefundQuery(LfSchema):
    """``?dry_run=1`` previews and writes nothing."""

    dry_run = f.Flag(load_default=False)


class TransactionQuery(ListQuery):
    """Filters of the list of transactions."""

    status = f.Choice("pending", "held", "completed", "voided", data_key="filter[status]")
    kind = f.Choice("sale", "refund", "exchange", data_key="filter[kind]")
    location_id = ma.fields.UUID(data_key="filter[location_id]")
    terminal_id = ma.fields.UUID(data_key="filter[terminal_id]")
    account_id = ma.fields.UUID(data_key="filter[account_id]")
    date_from = ma.fields.Date(data_key="filter[date_from]")
    date_to = ma.fields.Date(data_key="filter[date_to]")
    client_uuid = ma.fields.UUID(data_key="filter[client_uuid]")
    legacy_id = f.Text(max_length=120, data_key="filter[legacy_id]")
    number = f.Text(max_length=40, data_key="filter[number]")


class LineOut(LfSchema):
    """A line as it was priced or sold."""

    id = ma.fields.UUID(allow_none=True)
    line_no = ma.fields.Integer()
    variant_id = ma.fields.UUID(allow_none=True)
    unit_id = ma.fields.UUID(allow_none=True)
    sku = ma.fields.String(allow_none=True)
    item_description = ma.fields.String()
    kind = ma.fields.String()
    qty = f.Quantity()
    list_price = f.Money()
    unit_price = f.Money()
    price_source = ma.fields.String()
    extended = f.Money()
    override_amount = f.Money()
    line_discount = f.Money()
    cart_discount = f.Money()
    net = f.Money()
    tax = f.Money()
    total = f.Money()
    restock_fee = f.Money()
    tax_category = ma.fields.String()
    original_line_id = ma.fields.UUID(allow_none=True)
    restock = ma.fields.String(allow_none=True)
    return_reason_code = ma.fields.String(allow_none=True)
    returned_qty = f.Quantity()
    sold_by_id = ma.fields.UUID(allow_none=True)


class TaxOut(LfSchema):
    """Tax of the document by component."""

    name = ma.fields.String()
    jurisdiction = ma.fields.String()
    rate = f.Rate()
    taxable_amount = f.Money()
    exempt_amount = f.Money()
    amount = f.Money()


class TenderOut(LfSchema):
    """A tender as it moved."""

    id = ma.fields.UUID(allow_none=True)
    sequence = ma.fields.Integer()
    type = ma.fields.String()
    amount_applied = f.Money()
    amount = f.Money()
    tendered = f.Money()
    change = f.Money()
    reference = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    refund_of_id = ma.fields.UUID(allow_none=True)


class TransactionOut(LfSchema):
    """A transaction; while it is pending, ``number`` and ``business_date`` are null."""

    id = ma.fields.UUID(allow_none=True)
    client_uuid = ma.fields.UUID(allow_none=True)
    number = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    kind = ma.fields.String()
    business_date = ma.fields.Date(allow_none=True)
    completed_at = f.Timestamp(allow_none=True)
    created_at = f.Timestamp(allow_none=True)
    held_label = ma.fields.String(allow_none=True)
    void_reason_code = ma.fields.String(allow_none=True)
    location_id = ma.fields.UUID()
    terminal_id = ma.fields.UUID()
    drawer_session_id = ma.fields.UUID(allow_none=True)
    user_id = ma.fields.UUID()
    account_id = ma.fields.UUID(allow_none=True)
    member_id = ma.fields.UUID(allow_none=True)
    original_transaction_id = ma.fields.UUID(allow_none=True)
    currency = ma.fields.String()
    price_mode = ma.fields.String()
    lines = ma.fields.List(ma.fields.Nested(LineOut))
    taxes = ma.fields.List(ma.fields.Nested(TaxOut))
    tenders = ma.fields.List(ma.fields.Nested(TenderOut))
    subtotal = f.Money()
    discount_total = f.Money()
    net_total = f.Money()
    tax_total = f.Money()
    fee_total = f.Money()
    cash_rounding = f.Money()
    total = f.Money()
    paid_total = f.Money()
    balance_due = f.Money()
    change_given = f.Money()
    exemption_id = ma.fields.UUID(allow_none=True)
    exemption_notice = ma.fields.String(allow_none=True)
    journal_entry_id = ma.fields.UUID(allow_none=True)
    legacy_id = ma.fields.String(allow_none=True)
    legacy_source = ma.fields.String(allow_none=True)
    needs_review = ma.fields.Boolean()
    version = ma.fields.Integer()


class TransactionRowOut(LfSchema):
    """A row of the list of transactions."""

    id = ma.fields.UUID()
    number = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    kind = ma.fields.String()
    business_date = ma.fields.Date(allow_none=True)
    completed_at = f.Timestamp(allow_none=True)
    created_at = f.Timestamp()
    location_id = ma.fields.UUID()
    terminal_id = ma.fields.UUID()
    account_id = ma.fields.UUID(allow_none=True)
    account_name = ma.fields.String(allow_none=True)
    user_name = ma.fields.String(allow_none=True)
    held_label = ma.fields.String(allow_none=True)
    original_transaction_id = ma.fields.UUID(allow_none=True)
    total = f.Money()
    legacy_id = ma.fields.String(allow_none=True)
    needs_review = ma.fields.Boolean()
    version = ma.fields.Integer()


TransactionPage = page_schema(TransactionRowOut)
