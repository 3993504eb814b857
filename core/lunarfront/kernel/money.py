"""Money arithmetic: one rounding rule and one allocator (MON-01 to MON-06).

Amounts are ``Decimal`` in the company's currency. ``unit`` is the minor unit of that currency
(``Decimal("0.01")`` or ``Decimal("1")``). Nothing here touches binary floating point.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

#: ISO 4217 currencies without minor unit that v1 accepts; all others have two decimals.
ZERO_DECIMAL_CURRENCIES = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
)
#: Currencies with three or four decimals are refused in v1.
UNSUPPORTED_CURRENCIES = frozenset("BHD IQD JOD KWD LYD OMR TND CLF UYW".split())


def minor_unit(currency: str) -> Decimal:
    """Return the rounding unit of a currency (MON-01): ``1`` for those without decimals, else ``0.01``."""
    return Decimal("1") if currency in ZERO_DECIMAL_CURRENCIES else CENT


def round_to(value: Decimal, unit: Decimal = CENT) -> Decimal:
    """Round half up on the magnitude to a multiple of ``unit`` (MON-02). The result carries two decimals."""
    with localcontext(_EXACT):
        steps = (value / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return (steps * unit).quantize(CENT)


def round_down_to(value: Decimal, unit: Decimal) -> Decimal:
    """Round towards zero to a multiple of ``unit`` (cash rounding mode ``down``, POS-31)."""
    with localcontext(_EXACT):
        steps = (value / unit).quantize(Decimal(1), rounding=ROUND_DOWN)
        return (steps * unit).quantize(CENT)


def multiply(a: Decimal, b: Decimal) -> Decimal:
    """Multiply at full precision (MON-03); the caller rounds where a rule says so."""
    with localcontext(_EXACT):
        return a * b


def ratio(value: Decimal, numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return ``value * numerator / denominator`` at full precision."""
    with localcontext(_EXACT):
        return value * numerator / denominator


def allocate(total: Decimal, weights: Sequence[Decimal], unit: Decimal = CENT) -> list[Decimal]:
    """Spread a rounded ``total`` over ``weights`` so that the parts add up to it exactly (MON-05).

    Exact shares are floored to ``unit``; the units left over go one each to the largest remainders,
    ties to the lower index. A zero weight gets nothing. A negative total is spread as its magnitude.

    Raises:
        ValueError: a negative weight, a total that is no multiple of ``unit``, or a total without any weight.
    """
    if total < 0:
        return [-part for part in allocate(-total, weights, unit)]
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    if total == 0:
        return [ZERO for _ in weights]
    weight_sum = sum(weights, Decimal(0))
    if weight_sum == 0:
        raise ValueError("nothing to allocate to: all weights are zero")
    with localcontext(_EXACT):
        steps = total / unit
        if steps != steps.to_integral_value():
            raise ValueError("total is not a multiple of the minor unit")
        return [(part * unit).quantize(CENT) for part in _largest_remainders(int(steps), weights, weight_sum)]


def _largest_remainders(steps: int, weights: Sequence[Decimal], weight_sum: Decimal) -> list[int]:
    """Integer shares by largest remainder; compared as exact products, never as rounded quotients."""
    products = [steps * weight for weight in weights]
    floors = [int(product // weight_sum) for product in products]
    remainders = [product - floor * weight_sum for product, floor in zip(products, floors, strict=True)]
    order = sorted((i for i, w in enumerate(weights) if w > 0), key=lambda i: (-remainders[i], i))
    for i in order[: steps - sum(floors)]:
        floors[i] += 1
    return floors


def cumulative_share(
    value: Decimal, quantity: Decimal, before: Decimal, now: Decimal, unit: Decimal
) -> Decimal:
    """Part of a stored ``value`` that falls to ``now`` of ``quantity`` when ``before`` was taken already (RET-04).

    Any split of the quantity adds up to ``value`` exactly.
    """
    upto = round_to(ratio(value, before + now, quantity), unit)
    return upto - round_to(ratio(value, before, quantity), unit)
