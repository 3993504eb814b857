"""Price of a cart, line by line and as a whole (POS-04, POS-05, POS-13 to POS-16, POS-19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lunarfront.domains.sales.rules.items import CartLine, Reduction
from lunarfront.domains.tax.rules import Exemption, LineTax, TaxableLine, TaxPolicy, tax_lines
from lunarfront.kernel.money import ZERO, allocate, multiply, ratio, round_to
from lunarfront.kernel.problems import Problem, invalid

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Applied:
    """A reduction with the amount it came to."""

    reduction: Reduction
    sequence: int
    amount: Decimal
    before: Decimal


@dataclass(frozen=True)
class PricedLine:
    """A line with every amount that is stored of it. ``running`` is what is left after all reductions."""

    cart: CartLine
    list_price: Decimal
    unit_price: Decimal
    extended: Decimal
    override_amount: Decimal
    applied: tuple[Applied, ...]
    line_discount: Decimal
    cart_discount: Decimal
    running: Decimal
    tax: LineTax

    @property
    def net(self) -> Decimal:
        """Amount without tax."""
        return self.tax.net

    @property
    def total(self) -> Decimal:
        """What the customer pays for the line."""
        return self.tax.net + self.tax.tax

    @property
    def reductions(self) -> Decimal:
        """Override, line discounts and cart share together (POS-17)."""
        return self.override_amount + self.line_discount + self.cart_discount


@dataclass(frozen=True)
class PricedCart:
    """A cart with its totals; ``subtotal`` is the sum of extended amounts."""

    lines: tuple[PricedLine, ...]
    cart_applied: tuple[Applied, ...]

    def _sum(self, name: str) -> Decimal:
        return sum((getattr(line, name) for line in self.lines), ZERO)

    @property
    def subtotal(self) -> Decimal:
        """Sum of the extended amounts."""
        return self._sum("extended")

    @property
    def discount_total(self) -> Decimal:
        """Sum of all reductions."""
        return self._sum("reductions")

    @property
    def net_total(self) -> Decimal:
        """Sum of the nets."""
        return self._sum("net")

    @property
    def tax_total(self) -> Decimal:
        """Sum of the taxes."""
        return sum((line.tax.tax for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        """What is due, before cash rounding."""
        return self.net_total + self.tax_total


def price_cart(
    lines: Sequence[CartLine],
    cart_reductions: Sequence[Reduction],
    policy: TaxPolicy,
    exemption: Exemption | None = None,
) -> PricedCart:
    """Price a cart of positive lines: overrides, line discounts, cart discounts, tax, in that order.

    Raises:
        Problem: ``quantity_invalid``, ``discount_exceeds_line``, ``discount_exceeds_cart`` or ``discount_invalid``.
    """
    partial = [_price_line(index, line, policy.unit) for index, line in enumerate(lines)]
    running = [p.running for p in partial]
    cart_applied, shares = _cart_discounts(partial, running, cart_reductions, policy.unit)
    amounts = [r - s for r, s in zip(running, shares, strict=True)]
    taxes = tax_lines(
        [TaxableLine(a, line.components) for a, line in zip(amounts, lines, strict=True)], policy, exemption
    )
    priced = tuple(_finish(*parts) for parts in zip(partial, shares, amounts, taxes, strict=True))
    return PricedCart(priced, tuple(cart_applied))


@dataclass(frozen=True)
class _Partial:
    cart: CartLine
    unit_price: Decimal
    extended: Decimal
    override_amount: Decimal
    applied: tuple[Applied, ...]
    running: Decimal


def _finish(partial: _Partial, share: Decimal, amount: Decimal, tax: LineTax) -> PricedLine:
    return PricedLine(
        cart=partial.cart,
        list_price=partial.cart.item.price,
        unit_price=partial.unit_price,
        extended=partial.extended,
        override_amount=partial.override_amount,
        applied=partial.applied,
        line_discount=sum((a.amount for a in partial.applied), ZERO),
        cart_discount=share,
        running=amount,
        tax=tax,
    )


def _price_line(index: int, line: CartLine, unit: Decimal) -> _Partial:
    check_quantity(index, line)
    price = line.item.price if line.unit_price is None else line.unit_price
    at_list = round_to(multiply(line.qty, line.item.price), unit)
    at_price = round_to(multiply(line.qty, price), unit)
    override = at_list - at_price if price < line.item.price else ZERO
    extended = at_list if price < line.item.price else at_price
    if extended > Decimal("9999999999.99"):
        raise invalid(f"lines[{index}].qty", "money_out_of_range", "Quantity times price is too large.")
    reductions = best_of(line.reductions, extended - override, unit) if line.item.takes_discounts else ()
    if line.reductions and not line.item.takes_discounts:
        raise invalid(
            f"lines[{index}].discounts", "discount_invalid", f"{line.item.name} takes no discounts."
        )
    applied = _in_sequence(index, extended - override, reductions, unit)
    return _Partial(
        line, price, extended, override, applied, extended - override - sum((a.amount for a in applied), ZERO)
    )


def check_quantity(index: int, line: CartLine) -> None:
    """Refuse quantities that the item cannot be sold in (POS-04).

    Raises:
        Problem: ``quantity_invalid``.
    """
    field = f"lines[{index}].qty"
    if line.qty <= 0:
        raise invalid(field, "quantity_invalid", "The quantity must be above zero.")
    if line.item.is_serialized and line.qty != 1:
        raise invalid(field, "quantity_invalid", "A serialized item is sold one per line.")
    if not line.item.is_divisible and line.qty != line.qty.to_integral_value():
        raise invalid(field, "quantity_invalid", f"{line.item.name} is sold in whole pieces.")


def best_of(reductions: Sequence[Reduction], base: Decimal, unit: Decimal) -> tuple[Reduction, ...]:
    """Keep one of the reductions that do not stack: the better for the customer, ties to the lower code (POS-19)."""
    single = [r for r in reductions if not r.stackable]
    if len(single) < 2:
        return tuple(reductions)
    best = min(single, key=lambda r: (-_amount(r, base, unit), r.code or ""))
    return tuple(r for r in reductions if r.stackable or r is best)


def _amount(reduction: Reduction, base: Decimal, unit: Decimal) -> Decimal:
    if reduction.type == "percent":
        return round_to(ratio(base, reduction.value, HUNDRED), unit)
    return reduction.value


def _in_sequence(
    index: int, base: Decimal, reductions: Sequence[Reduction], unit: Decimal
) -> tuple[Applied, ...]:
    running, applied = base, []
    for sequence, reduction in enumerate(reductions, start=1):
        amount = _amount(reduction, running, unit)
        if amount > running:
            field = f"lines[{index}].discounts[{sequence - 1}].value"
            raise invalid(field, "discount_exceeds_line", f"Line {index + 1}: {amount} on {running}.")
        applied.append(Applied(reduction, sequence, amount, running))
        running -= amount
    return tuple(applied)


def _cart_discounts(
    partial: Sequence[_Partial], running: Sequence[Decimal], reductions: Sequence[Reduction], unit: Decimal
) -> tuple[list[Applied], list[Decimal]]:
    """Apply cart discounts in sequence and spread each over the eligible lines on their running amounts (POS-15)."""
    left = list(running)
    applied: list[Applied] = []
    eligible_total = sum((a for a, p in zip(left, partial, strict=True) if _eligible(p, None)), ZERO)
    for sequence, reduction in enumerate(best_of(reductions, eligible_total, unit), start=1):
        weights = [a if _eligible(p, reduction) else ZERO for a, p in zip(left, partial, strict=True)]
        total = sum(weights, ZERO)
        amount = _amount(reduction, total, unit)
        if amount > total:
            raise Problem("discount_exceeds_cart", f"{amount} on {total} of items that take discounts.")
        applied.append(Applied(reduction, sequence, amount, total))
        left = [a - s for a, s in zip(left, allocate(amount, weights, unit), strict=True)]
    return applied, [a - b for a, b in zip(running, left, strict=True)]


def _eligible(partial: _Partial, reduction: Reduction | None) -> bool:
    item = partial.cart.item
    return (
        not partial.cart.excluded and item.takes_discounts and (reduction is None or reduction.covers(item))
    )
