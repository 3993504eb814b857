"""The list of orders and one order with everything around it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.sales.models import (
    ReceiptDelivery,
    Tender,
    Transaction,
    TransactionLine,
    TransactionLineTax,
)
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.auth.rights import may_work_at
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import not_found
from lunarfront.web.reads.names import location_names, terminal_names, user_names

Row = dict[str, Any]
LINE_FIELDS = (
    "id line_no variant_id unit_id sku item_description kind qty list_price unit_price extended override_amount "
    "line_discount cart_discount net tax total restock return_reason_code"
).split()
ORDER_FIELDS = (
    "id number status kind business_date completed_at created_at location_id terminal_id user_id subtotal "
    "discount_total net_total tax_total fee_total cash_rounding total paid_total change_given void_reason_code"
).split()
TENDER_FIELDS = "type amount_applied amount tendered change reference status".split()


def _fields(row: Any, names: Sequence[str]) -> Row:
    return {name: getattr(row, name) for name in names}


def list_orders(ctx: CompanyContext, query: Mapping[str, Any]) -> Row:
    """Return one page of orders, newest first: ``items``, ``next_cursor``, ``total``, ``total_capped``."""
    statement = _filtered(ctx, query)
    page = paginate(
        ctx,
        statement,
        query,
        sorts={"created_at": Transaction.created_at},
        key=Transaction.id,
        default_sort="-created_at",
        shape=lambda row: row[0],
    )
    return page | {"items": _with_parts(ctx, page["items"])}


def _filtered(ctx: CompanyContext, query: Mapping[str, Any]) -> Select[Any]:
    statement = select(Transaction).where(_visible(ctx))
    for name in ("kind", "status", "business_date", "account_id"):
        if query.get(name):
            statement = statement.where(getattr(Transaction, name) == query[name])
    return _matching(statement, query.get("q") or "")


def _visible(ctx: CompanyContext) -> Any:
    places = ctx.rights.location_ids
    return Transaction.location_id.in_(places) if places is not None else Transaction.id.is_not(None)


def _matching(statement: Select[Any], words: str) -> Select[Any]:
    """A number (its end is enough), or the beginning of a customer's name."""
    if not words:
        return statement
    text = words.strip().casefold()
    accounts = select(Account.id).where(Account.name_sort.startswith(text, autoescape=True))
    number = func.lower(Transaction.number).contains(text, autoescape=True)
    return statement.where(or_(number, Transaction.account_id.in_(accounts)))


def _with_parts(ctx: CompanyContext, orders: Sequence[Transaction]) -> list[Row]:
    ids = [order.id for order in orders]
    counts = _item_counts(ctx, ids)
    tenders = _tender_types(ctx, ids)
    accounts = _accounts(ctx, [order.account_id for order in orders])
    return [
        _fields(order, ORDER_FIELDS)
        | {
            "account": accounts.get(order.account_id),
            "item_count": counts.get(order.id, Decimal(0)),
            "tender_types": tenders.get(order.id, []),
        }
        for order in orders
    ]


def _item_counts(ctx: CompanyContext, ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    owner = TransactionLine.transaction_id
    statement = select(owner, func.sum(TransactionLine.qty)).where(owner.in_(ids)).group_by(owner)
    return {row[0]: row[1] for row in ctx.uow.session.execute(statement)}


def _tender_types(ctx: CompanyContext, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    statement = select(Tender.transaction_id, Tender.type).where(Tender.transaction_id.in_(ids))
    found: dict[UUID, list[str]] = defaultdict(list)
    for owner, kind in ctx.uow.session.execute(statement.order_by(Tender.sequence)):
        if kind not in found[owner]:
            found[owner].append(kind)
    return found


def _accounts(ctx: CompanyContext, ids: Sequence[UUID | None]) -> dict[UUID | None, Row]:
    wanted = {found for found in ids if found is not None}
    statement = select(Account.id, Account.display_name).where(Account.id.in_(wanted))
    return {row.id: {"id": row.id, "name": row.display_name} for row in ctx.uow.session.execute(statement)}


def order_detail(ctx: CompanyContext, order_id: UUID) -> Row:
    """Return one order with lines, taxes, tenders, names, its original and its refunds.

    Raises:
        Problem: ``not_found``, also for an order of a location where the user does not work.
    """
    statement = select(Transaction).where(Transaction.id == order_id)
    order = ctx.uow.session.execute(statement).scalar_one_or_none()
    if order is None or not may_work_at(ctx, order.location_id):
        raise not_found()
    lines = _lines(ctx, order_id)
    return _fields(order, ORDER_FIELDS) | {
        "lines": lines,
        "taxes": _taxes(ctx, [line["id"] for line in lines]),
        "tenders": _tenders(ctx, order_id),
        "refunds": _refunds(ctx, order_id),
        "original": _original(ctx, order.original_transaction_id),
        "account": _accounts(ctx, [order.account_id]).get(order.account_id),
        "location_name": location_names(ctx, [order.location_id]).get(order.location_id, ""),
        "terminal_name": terminal_names(ctx, [order.terminal_id]).get(order.terminal_id, ""),
        "user_name": user_names(ctx, [order.user_id]).get(order.user_id, ""),
    }


def _lines(ctx: CompanyContext, order_id: UUID) -> list[Row]:
    statement = select(TransactionLine).where(TransactionLine.transaction_id == order_id)
    lines = ctx.uow.session.execute(statement.order_by(TransactionLine.line_no)).scalars().all()
    returned = _returned(ctx, [line.id for line in lines])
    return [
        _fields(line, LINE_FIELDS) | {"returned_qty": returned.get(line.id, Decimal(0))} for line in lines
    ]


def _returned(ctx: CompanyContext, line_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """What came back of each line over all completed refunds, as positive quantities (RET-03)."""
    origin = TransactionLine.original_line_id
    statement = (
        select(origin, -func.sum(TransactionLine.qty))
        .join(Transaction, Transaction.id == TransactionLine.transaction_id)
        .where(origin.in_(line_ids), Transaction.status == "completed")
        .group_by(origin)
    )
    return {row[0]: row[1] for row in ctx.uow.session.execute(statement) if row[0] is not None}


def _taxes(ctx: CompanyContext, line_ids: Sequence[UUID]) -> list[Row]:
    tax = TransactionLineTax
    statement = (
        select(
            tax.component_name,
            tax.jurisdiction,
            tax.rate,
            func.sum(tax.taxable_amount),
            func.sum(tax.amount),
        )
        .where(tax.line_id.in_(line_ids))
        .group_by(tax.component_name, tax.jurisdiction, tax.rate)
        .order_by(tax.jurisdiction, tax.component_name)
    )
    names = ("name", "jurisdiction", "rate", "taxable_amount", "amount")
    return [dict(zip(names, row, strict=True)) for row in ctx.uow.session.execute(statement)]


def _tenders(ctx: CompanyContext, order_id: UUID) -> list[Row]:
    statement = select(Tender).where(Tender.transaction_id == order_id).order_by(Tender.sequence)
    return [_fields(tender, TENDER_FIELDS) for tender in ctx.uow.session.execute(statement).scalars()]


def _refunds(ctx: CompanyContext, order_id: UUID) -> list[Row]:
    statement = (
        select(Transaction.id, Transaction.number, Transaction.total)
        .where(Transaction.original_transaction_id == order_id, Transaction.status == "completed")
        .order_by(Transaction.created_at)
    )
    return [dict(row._mapping) for row in ctx.uow.session.execute(statement)]


def _original(ctx: CompanyContext, order_id: UUID | None) -> Row | None:
    if order_id is None:
        return None
    statement = select(Transaction.id, Transaction.number).where(Transaction.id == order_id)
    row = ctx.uow.session.execute(statement).one_or_none()
    return dict(row._mapping) if row else None


def was_printed(ctx: CompanyContext, order_id: UUID) -> bool:
    """Tell whether a receipt was handed out before, so that the next one is a copy (POS-21)."""
    delivery = select(ReceiptDelivery.id).where(
        ReceiptDelivery.transaction_id == order_id, ReceiptDelivery.kind != "gift"
    )
    return ctx.uow.session.execute(delivery.limit(1)).first() is not None
