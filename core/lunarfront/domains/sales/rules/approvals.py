"""Which rights a priced cart needs beyond selling (POS-11, POS-12, POS-17)."""

from collections.abc import Iterator
from decimal import Decimal

from lunarfront.domains.sales.rules.items import CartLine
from lunarfront.domains.sales.rules.pricing import Applied, PricedCart, PricedLine
from lunarfront.kernel.approvals import Need
from lunarfront.kernel.context import Rights
from lunarfront.kernel.money import ZERO


def needs_of(cart: PricedCart, rights: Rights) -> list[Need]:
    """Return the rights that this cart needs of a user with these limits.

    Args:
        cart: the priced cart.
        rights: of the user who sells; his roles' limits are the threshold, null is none (POS-17).
    """
    needs = [need for line in cart.lines for need in _line_needs(line, rights)]
    needs += _reduction_needs("the sale", cart.discount_total, cart.subtotal, rights)
    needs += _named_needs(cart.cart_applied)
    return needs


def _line_needs(line: PricedLine, rights: Rights) -> Iterator[Need]:
    cart = line.cart
    if cart.item.kind == "non_stocked":
        yield Need("pos.misc_item", f"{cart.item.name} is a free item")
    if cart.unit_price is not None and cart.unit_price != cart.item.price and not _is_free_price(cart):
        yield Need("pos.price_override", f"Price of {cart.item.name} changed to {cart.unit_price}")
    if cart.item.min_price is not None and line.running < cart.item.min_price * cart.qty:
        yield Need(
            "pos.min_price.override", f"{cart.item.name} is below its lowest price of {cart.item.min_price}"
        )
    yield from _reduction_needs(cart.item.name, line.reductions, line.extended, rights)
    yield from _named_needs(line.applied)


def _is_free_price(line: CartLine) -> bool:
    """Items without a price of their own are priced at the till."""
    return line.item.kind == "non_stocked" or line.item.price == ZERO


def _reduction_needs(name: str, reduced: Decimal, extended: Decimal, rights: Rights) -> Iterator[Need]:
    if reduced <= 0:
        return
    why = f"Discount on {name}"
    yield Need("pos.discount.apply", why)
    fraction = reduced / extended if extended else Decimal(1)
    for limit_name, actual in (("discount_percent_limit", fraction), ("discount_amount_limit", reduced)):
        limit = getattr(rights, limit_name)
        if limit is not None and actual > limit:
            yield Need("pos.discount.approve", why, limit_name, actual)


def _named_needs(applied: tuple[Applied, ...]) -> Iterator[Need]:
    for entry in applied:
        above = entry.reduction.requires_approval_above
        if above is None:
            continue
        share = entry.amount / entry.before if entry.before else Decimal(0)
        if (share if entry.reduction.type == "percent" else entry.amount) > above:
            yield Need("pos.discount.approve", f"Discount {entry.reduction.code}")
