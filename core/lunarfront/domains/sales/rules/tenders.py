"""How a bill is paid and how money goes back (POS-28, POS-29, POS-31, RET-07, RET-08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lunarfront.kernel.money import ZERO, round_down_to, round_to
from lunarfront.kernel.problems import Problem, invalid

#: Tender types of core; modules add theirs by ``lf_tender_types``.
TENDER_TYPES = ("cash", "card", "check", "store_credit", "account")


@dataclass(frozen=True)
class CashRounding:
    """Cash rounding of a location: increment and mode (nearest half up, or down), on the magnitude."""

    increment: Decimal = Decimal("0.01")
    mode: str = "nearest"

    def apply(self, amount: Decimal) -> Decimal:
        """Return the amount of cash that stands for ``amount``."""
        round_cash = round_down_to if self.mode == "down" else round_to
        return -round_cash(-amount, self.increment) if amount < 0 else round_cash(amount, self.increment)


@dataclass(frozen=True)
class Offer:
    """A tender as the client sends it: cash names what was handed over, others what they pay."""

    type: str
    amount: Decimal | None = None
    tendered: Decimal | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Payment:
    """A tender as it is stored. ``applied`` is the share of the bill, ``amount`` what moved."""

    type: str
    applied: Decimal
    amount: Decimal
    tendered: Decimal
    change: Decimal = ZERO
    reference: str | None = None
    refund_of_id: UUID | None = None


@dataclass(frozen=True)
class Settlement:
    """All tenders of a bill: applied amounts add up to its total, ``rounding`` is cash against exact amount."""

    payments: tuple[Payment, ...]

    @property
    def paid(self) -> Decimal:
        """What moved in all."""
        return sum((p.amount for p in self.payments), ZERO)

    @property
    def rounding(self) -> Decimal:
        """Cash rounding of the bill (POS-31)."""
        return sum((p.amount - p.applied for p in self.payments), ZERO)

    @property
    def change(self) -> Decimal:
        """Change given."""
        return sum((p.change for p in self.payments), ZERO)


def settle(total: Decimal, offers: Sequence[Offer], rounding: CashRounding) -> Settlement:
    """Match tenders with a bill of ``total`` ≥ 0.

    Only cash may overpay; when the last tender is cash, what it has to pay is rounded (POS-31).

    Raises:
        Problem: ``underpaid`` with ``balance_due``, ``overpayment_not_allowed``, ``validation_failed``.
    """
    due, payments = total, []
    for index, offer in enumerate(offers):
        is_last = index == len(offers) - 1
        payment = (
            _cash(offer, due, index, rounding if is_last else CashRounding())
            if offer.type == "cash"
            else _exact(offer, due, index)
        )
        payments.append(payment)
        due -= payment.applied
    if due != 0:
        raise Problem("underpaid", f"{due} is still due.", extra={"balance_due": f"{due:.2f}"})
    return Settlement(tuple(payments))


def _cash(offer: Offer, due: Decimal, index: int, rounding: CashRounding) -> Payment:
    tendered = offer.tendered if offer.tendered is not None else offer.amount
    if tendered is None or tendered < 0:
        raise invalid(f"tenders[{index}].tendered", "validation_failed", "Say how much cash was handed over.")
    needed = rounding.apply(due)
    if tendered >= needed:
        return Payment("cash", due, needed, tendered, tendered - needed, offer.reference)
    return Payment("cash", tendered, tendered, tendered, ZERO, offer.reference)


def _exact(offer: Offer, due: Decimal, index: int) -> Payment:
    amount = offer.amount if offer.amount is not None else offer.tendered
    if amount is None or amount <= 0:
        raise invalid(f"tenders[{index}].amount", "validation_failed", "Say how much this tender pays.")
    if offer.type == "card" and not offer.reference:
        raise invalid(
            f"tenders[{index}].reference", "validation_failed", "Enter the number of the card slip."
        )
    if amount > due:
        raise Problem(
            "overpayment_not_allowed",
            f"{amount} by {offer.type} on {due} due.",
            extra={"balance_due": f"{due:.2f}"},
        )
    return Payment(offer.type, amount, amount, amount, ZERO, offer.reference)


@dataclass(frozen=True)
class PaidTender:
    """A captured tender of the original sale with what earlier refunds gave back of it (positive amounts)."""

    id: UUID
    type: str
    applied: Decimal
    amount: Decimal
    refunded_applied: Decimal = ZERO
    refunded_amount: Decimal = ZERO
    reference: str | None = None

    @property
    def left(self) -> Decimal:
        """Share of the bill that can still be given back."""
        return self.applied - self.refunded_applied

    @property
    def left_amount(self) -> Decimal:
        """Money that can still be given back."""
        return self.amount - self.refunded_amount


def plan_refund(
    due: Decimal, paid: Sequence[PaidTender], rounding: CashRounding, *, is_last: bool
) -> Settlement:
    """Give ``due`` (positive) back to the original tenders, last one first (RET-07, RET-08).

    Args:
        due: refund total as a magnitude.
        paid: the original's tenders in their order.
        is_last: this refund completes the return of everything: what is left of a tender is paid out exactly.

    Returns:
        A settlement with negative amounts.

    Raises:
        Problem: ``refund_exceeds_paid``.
    """
    open_due, payments = due, []
    for tender in reversed(paid):
        share = min(tender.left, open_due)
        if share <= 0 and not (is_last and tender.left_amount > 0 and tender.left == 0 and open_due == 0):
            continue
        money = _money_back(tender, share, rounding, is_last=is_last)
        payments.append(Payment(tender.type, -share, -money, -money, ZERO, tender.reference, tender.id))
        open_due -= share
    if open_due > 0:
        raise Problem("refund_exceeds_paid", f"{due} to give back, {due - open_due} was paid.")
    return Settlement(tuple(payments))


def _money_back(tender: PaidTender, share: Decimal, rounding: CashRounding, *, is_last: bool) -> Decimal:
    if tender.type != "cash":
        return share
    if is_last and share == tender.left:
        return tender.left_amount
    return min(rounding.apply(share), tender.left_amount)


def refund_to(
    due: Decimal, offers: Sequence[Offer], paid: Sequence[PaidTender], rounding: CashRounding
) -> Settlement:
    """Give ``due`` back the way staff chose (needs ``pos.refund.tender_override``).

    Raises:
        Problem: ``refund_exceeds_paid``, ``underpaid`` or ``validation_failed``.
    """
    if paid and due > sum((tender.left for tender in paid), ZERO):
        raise Problem("refund_exceeds_paid", f"{due} to give back is more than was paid.")
    settled = settle(due, offers, rounding)
    return Settlement(
        tuple(
            Payment(p.type, -p.applied, -p.amount, -p.amount, ZERO, p.reference, _refund_of(p, paid))
            for p in settled.payments
        )
    )


def _refund_of(payment: Payment, paid: Sequence[PaidTender]) -> UUID | None:
    same = [tender for tender in paid if tender.type == payment.type]
    return same[-1].id if same else None
