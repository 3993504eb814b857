"""Amounts of a returned line, by cumulative rounding on the original line (RET-03, RET-04, RET-12)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lunarfront.kernel.money import ZERO, cumulative_share, multiply, round_to
from lunarfront.kernel.problems import Problem


@dataclass(frozen=True)
class SoldTax:
    """Stored tax of one component on the original line; positive amounts."""

    component_id: UUID | None
    name: str
    jurisdiction: str
    rate: Decimal
    taxable_amount: Decimal
    exempt_amount: Decimal
    amount: Decimal
    exemption_id: UUID | None = None


@dataclass(frozen=True)
class SoldLine:
    """The original line with what was returned of it already; positive amounts."""

    id: UUID
    line_no: int
    qty: Decimal
    extended: Decimal
    override_amount: Decimal
    line_discount: Decimal
    cart_discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal
    cost_value: Decimal
    taxes: tuple[SoldTax, ...] = ()
    returned: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """Quantity that can still be returned."""
        return self.qty - self.returned


@dataclass(frozen=True)
class ReturnedLine:
    """Amounts that go back for one returned line; positive magnitudes."""

    qty: Decimal
    extended: Decimal
    override_amount: Decimal
    line_discount: Decimal
    cart_discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal
    cost_value: Decimal
    taxes: tuple[SoldTax, ...]


def return_line(sold: SoldLine, qty: Decimal, price_mode: str, unit: Decimal) -> ReturnedLine:
    """Return the amounts that fall to ``qty`` pieces of a sold line (RET-04).

    Any split of a return adds up to the original to the cent, whatever today's prices and rates are.

    Raises:
        Problem: ``refund_exceeds_sold``, ``quantity_invalid``.
    """
    if qty <= 0:
        raise Problem("quantity_invalid", f"Line {sold.line_no}: the quantity must be above zero.")
    if qty > sold.left:
        raise Problem("refund_exceeds_sold", f"Line {sold.line_no}: {qty} of {sold.left} left.")

    def share(value: Decimal) -> Decimal:
        return cumulative_share(value, sold.qty, sold.returned, qty, unit)

    taxes = tuple(_tax_share(tax, share) for tax in sold.taxes)
    extended, override = share(sold.extended), share(sold.override_amount)
    line_discount, cart_discount = share(sold.line_discount), share(sold.cart_discount)
    tax = sum((t.amount for t in taxes), ZERO)
    after = extended - override - line_discount - cart_discount
    # With an exemption and inclusive prices the customer paid less than the shelf price: the net is shared instead.
    if price_mode == "inclusive" and sold.total != _shelf(sold):
        net = share(sold.net)
    else:
        net = after if price_mode == "exclusive" else after - tax
    return ReturnedLine(
        qty,
        extended,
        override,
        line_discount,
        cart_discount,
        net,
        tax,
        net + tax,
        share(sold.cost_value),
        taxes,
    )


def _shelf(sold: SoldLine) -> Decimal:
    return sold.extended - sold.override_amount - sold.line_discount - sold.cart_discount


def _tax_share(tax: SoldTax, share: Callable[[Decimal], Decimal]) -> SoldTax:
    return SoldTax(
        tax.component_id,
        tax.name,
        tax.jurisdiction,
        tax.rate,
        share(tax.taxable_amount),
        share(tax.exempt_amount),
        share(tax.amount),
        tax.exemption_id,
    )


def restock_fee(net: Decimal, qty: Decimal, kind: str, value: Decimal | None, unit: Decimal) -> Decimal:
    """Return the restocking fee of a returned line: percent of the net, or flat per unit, never above the net."""
    if kind == "none" or not value:
        return ZERO
    fee = (
        round_to(multiply(net, value / 100), unit)
        if kind == "percent"
        else round_to(multiply(qty, value), unit)
    )
    return min(fee, net)


def is_everything(sold: Sequence[SoldLine], returning: dict[UUID, Decimal]) -> bool:
    """Tell whether this refund completes the return of the whole sale (RET-08)."""
    return all(line.left == returning.get(line.id, ZERO) for line in sold)
