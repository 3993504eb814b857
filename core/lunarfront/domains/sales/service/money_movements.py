"""What tenders move beside the journal: the drawer, store credit, and the customer's open invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lunarfront.domains.accounts.queries import SaleAccount
from lunarfront.domains.drawer.models import DrawerMovement
from lunarfront.domains.receivables.models import Invoice
from lunarfront.domains.sales.rules.tenders import Settlement
from lunarfront.domains.stored_value.service import Credit, lock_credit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO, ratio, round_to
from lunarfront.kernel.problems import Problem

if TYPE_CHECKING:
    from lunarfront.domains.sales.service.completion import Sale


def lock_store_credit(
    ctx: CompanyContext, account: SaleAccount | None, settlement: Settlement
) -> Credit | None:
    """Lock the customer's store credit when a tender uses or fills it (OCC-02).

    Raises:
        Problem: ``account_required``, ``forbidden`` without ``store_credit.use``, ``insufficient_balance``.
    """
    moved = sum((p.amount for p in settlement.payments if p.type == "store_credit"), ZERO)
    if moved == 0:
        return None
    if account is None:
        raise Problem("account_required", "Store credit belongs to a customer.")
    if moved > 0:
        ctx.require("store_credit.use")
    credit = lock_credit(ctx, account.id)
    if moved > credit.balance:
        raise Problem(
            "insufficient_balance",
            f"The store credit is {credit.balance}.",
            extra={"balance": f"{credit.balance:.2f}"},
        )
    return credit


def record(
    ctx: CompanyContext, sale: "Sale", credit: Credit | None, tenders: Sequence[dict[str, Any]]
) -> None:
    """Collect drawer movements, store credit entries and the invoice of a sale's tenders."""
    add_drawer_movements(ctx, sale.register.session_id, sale.quote.day, tenders)
    use_store_credit(ctx, sale.id, credit, tenders)
    charged = sum((t["amount"] for t in tenders if t["type"] == "account"), ZERO)
    if charged and sale.quote.account is not None:
        _add_invoice(ctx, sale, Charge(sale.quote.account.id, sale.quote.account.terms_days, charged))


def add_drawer_movements(
    ctx: CompanyContext, session_id: UUID | None, day: date, tenders: Sequence[dict[str, Any]]
) -> None:
    """Collect one movement per cash tender: sales keep cash, refunds give it back (DRW-03)."""
    _, location = ctx.require_terminal()
    for tender in tenders:
        if tender["type"] != "cash" or tender["amount"] == 0:
            continue
        ctx.uow.add(
            DrawerMovement,
            drawer_session_id=session_id,
            location_id=location.id,
            kind="sale" if tender["amount"] > 0 else "refund",
            amount=abs(tender["amount"]),
            tender_id=tender["id"],
            user_id=ctx.require_user().id,
            business_date=day,
            occurred_at=ctx.now,
        )


def use_store_credit(
    ctx: CompanyContext, transaction_id: UUID, credit: Credit | None, tenders: Sequence[dict[str, Any]]
) -> None:
    """Collect the entries of store credit tenders."""
    if credit is None:
        return
    moved = sum((t["amount"] for t in tenders if t["type"] == "store_credit"), ZERO)
    credit.move(ctx, "redeem" if moved > 0 else "refund", -moved, transaction_id)


@dataclass(frozen=True)
class Charge:
    """What a sale puts on account."""

    account_id: UUID
    terms_days: int
    amount: Decimal


def _add_invoice(ctx: CompanyContext, sale: "Sale", charge: Charge) -> None:
    """An on-account sale is an invoice with the sale's receipt number; its tax share is proportional."""
    total, tax = sale.quote.cart.total, sale.quote.cart.tax_total
    share = round_to(ratio(tax, charge.amount, total), ctx.unit) if total else ZERO
    ctx.uow.add(
        Invoice,
        account_id=charge.account_id,
        transaction_id=sale.id,
        number=sale.number.text,
        issue_date=sale.quote.day,
        due_date=sale.quote.day + timedelta(days=charge.terms_days),
        subtotal=charge.amount - share,
        tax=share,
        amount=charge.amount,
        balance=charge.amount,
    )
