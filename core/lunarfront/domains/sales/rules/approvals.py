"""Which rights a priced cart needs beyond selling (POS-11, POS-12, POS-17)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lunarfront.domains.sales.rules.items import CartLine
from lunarfront.domains.sales.rules.pricing import Applied, PricedCart, PricedLine
from lunarfront.kernel.context import Rights
from lunarfront.kernel.money import ZERO


@dataclass(frozen=True)
class Need:
    """A right that the cart needs, with the limit that was passed and the actual value."""

    permission: str
    why: str
    limit: str = ""
    actual: str = ""
    line: int | None = None


def needs_of(cart: PricedCart, rights: Rights) -> list[Need]:
    """Return the rights that this cart needs of a user with these limits.

    Args:
        cart: the priced cart.
        rights: of the user who sells; his roles' limits are the threshold, null is none (POS-17).
    """
    needs = [need for index, line in enumerate(cart.lines) for need in _line_needs(index, line, rights)]
    needs += _reduction_needs("the sale", None, cart.discount_total, cart.subtotal, rights)
    needs += _named_needs(None, cart.cart_applied)
    return needs


def _line_needs(index: int, line: PricedLine, rights: Rights) -> Iterator[Need]:
    cart = line.cart
    if cart.item.kind == "non_stocked":
        yield Need("pos.misc_item", f"{cart.item.name} is a free item", line=index)
    if cart.unit_price is not None and cart.unit_price != cart.item.price and not _is_free_price(cart):
        yield Need(
            "pos.price_override",
            f"Price of {cart.item.name} changed",
            str(cart.item.price),
            str(cart.unit_price),
            line=index,
        )
    if cart.item.min_price is not None and line.running < cart.item.min_price * cart.qty:
        yield Need(
            "pos.min_price.override",
            f"{cart.item.name} below its lowest price",
            str(cart.item.min_price),
            str(line.running),
            line=index,
        )
    yield from _reduction_needs(cart.item.name, index, line.reductions, line.extended, rights)
    yield from _named_needs(index, line.applied)


def _is_free_price(line: CartLine) -> bool:
    """Items without a price of their own are priced at the till."""
    return line.item.kind == "non_stocked" or line.item.price == ZERO


def _reduction_needs(
    name: str, index: int | None, reduced: Decimal, extended: Decimal, rights: Rights
) -> Iterator[Need]:
    if reduced <= 0:
        return
    yield Need("pos.discount.apply", f"Discount on {name}", line=index)
    bound = rights.discount_percent_limit
    if bound is not None and reduced > bound * extended:
        percent = (reduced / extended * 100).quantize(Decimal("0.01")) if extended else Decimal(100)
        yield Need(
            "pos.discount.approve", f"Discount on {name}", f"{bound * 100:.2f} %", f"{percent} %", line=index
        )
    elif rights.discount_amount_limit is not None and reduced > rights.discount_amount_limit:
        yield Need(
            "pos.discount.approve",
            f"Discount on {name}",
            str(rights.discount_amount_limit),
            str(reduced),
            line=index,
        )


def _named_needs(index: int | None, applied: tuple[Applied, ...]) -> Iterator[Need]:
    for entry in applied:
        above = entry.reduction.requires_approval_above
        if above is None:
            continue
        share = entry.amount / entry.before if entry.before else Decimal(0)
        actual = share if entry.reduction.type == "percent" else entry.amount
        if actual > above:
            why = f"Discount {entry.reduction.code}"
            yield Need("pos.discount.approve", why, str(above), str(actual), line=index)
