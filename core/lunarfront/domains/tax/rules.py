"""Tax of a document: pure functions over amounts and components (TAX-03 to TAX-10).

Every result adds up both ways: line tax is the sum of its component shares, a component's document total is the
sum of its line shares, document tax is the sum of both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lunarfront.kernel.money import ZERO, allocate, multiply, ratio, round_to

ONE = Decimal(1)


@dataclass(frozen=True)
class Component:
    """A rate that is valid on the business date; ``rate`` is a fraction."""

    id: UUID | None
    code: str
    name: str
    jurisdiction: str
    rate: Decimal


@dataclass(frozen=True)
class Exemption:
    """An approved certificate; no jurisdictions means all (TAX-09)."""

    id: UUID
    jurisdictions: frozenset[str] = frozenset()

    def frees(self, component: Component) -> bool:
        """Tell whether the component's jurisdiction is exempt."""
        return not self.jurisdictions or component.jurisdiction in self.jurisdictions


@dataclass(frozen=True)
class TaxableLine:
    """Amount of a line after all discounts (TAX-04), not negative; with tax inside when prices are inclusive."""

    amount: Decimal
    components: tuple[Component, ...]


@dataclass(frozen=True)
class TaxPart:
    """What one component takes from one line, stored as values (TAX-08)."""

    component: Component
    taxable_amount: Decimal
    exempt_amount: Decimal
    amount: Decimal


@dataclass(frozen=True)
class LineTax:
    """Net and tax of one line; the customer pays ``net + tax``."""

    net: Decimal
    tax: Decimal
    parts: tuple[TaxPart, ...]


@dataclass(frozen=True)
class TaxPolicy:
    """How a location computes tax: ``price_mode`` and ``rounding`` as in its settings (ORG-02)."""

    price_mode: str = "exclusive"
    rounding: str = "document"
    unit: Decimal = Decimal("0.01")


def tax_lines(
    lines: Sequence[TaxableLine], policy: TaxPolicy, exemption: Exemption | None = None
) -> list[LineTax]:
    """Return net and tax of every line of a document.

    Exclusive prices: TAX-05 (document rounding) or TAX-06 (line rounding). Inclusive prices: TAX-07, and with an
    exemption TAX-10: the full tax is taken out first, then what is still due is added on the net.
    """
    due = [tuple(c for c in line.components if not (exemption and exemption.frees(c))) for line in lines]
    if policy.price_mode == "exclusive":
        nets = [line.amount for line in lines]
        return _with_exempt(lines, nets, due, _shares(nets, due, policy, _added))
    amounts = [line.amount for line in lines]
    full = [line.components for line in lines]
    contained = _shares(amounts, full, policy, _contained)
    nets = [a - sum(parts.values(), ZERO) for a, parts in zip(amounts, contained, strict=True)]
    if due == full:
        return _with_exempt(lines, nets, due, contained)
    return _with_exempt(lines, nets, due, _shares(nets, due, policy, _added))


Shares = list[dict[Component, Decimal]]


def _added(amount: Decimal, rate: Decimal) -> Decimal:
    return multiply(amount, rate)


def _contained(amount: Decimal, rate: Decimal) -> Decimal:
    return ratio(amount, rate, ONE + rate)


def _shares(
    amounts: Sequence[Decimal],
    sets: Sequence[tuple[Component, ...]],
    policy: TaxPolicy,
    formula: Callable[[Decimal, Decimal], Decimal],
) -> Shares:
    """Tax of each component on each line. Lines with the same components form a group (TAX-03)."""
    shares: Shares = [{} for _ in amounts]
    for members in _groups(sets, policy.rounding):
        components = sets[members[0]]
        weights = [amounts[i] for i in members]
        rate = sum((c.rate for c in components), Decimal(0))
        tax = round_to(formula(sum(weights, ZERO), rate), policy.unit)
        for component, total in zip(components, _by_rate(tax, components, policy.unit), strict=True):
            for i, share in zip(members, allocate(total, weights, policy.unit), strict=True):
                shares[i][component] = share
    return shares


def _groups(sets: Sequence[tuple[Component, ...]], rounding: str) -> list[list[int]]:
    if rounding == "line":
        return [[i] for i in range(len(sets))]
    groups: dict[tuple[Component, ...], list[int]] = {}
    for i, components in enumerate(sets):
        groups.setdefault(components, []).append(i)
    return list(groups.values())


def _by_rate(tax: Decimal, components: Sequence[Component], unit: Decimal) -> list[Decimal]:
    return allocate(tax, [c.rate for c in components], unit) if components else []


def _with_exempt(
    lines: Sequence[TaxableLine],
    nets: Sequence[Decimal],
    due: Sequence[tuple[Component, ...]],
    shares: Sequence[Mapping[Component, Decimal]],
) -> list[LineTax]:
    return [
        LineTax(
            net, sum(taken.values(), ZERO), tuple(_part(c, net, c in owed, taken) for c in line.components)
        )
        for line, net, owed, taken in zip(lines, nets, due, shares, strict=True)
    ]


def _part(component: Component, net: Decimal, is_due: bool, taken: Mapping[Component, Decimal]) -> TaxPart:
    if is_due:
        return TaxPart(component, net, ZERO, taken[component])
    return TaxPart(component, ZERO, net, ZERO)


def full_rate(components: Sequence[Component]) -> Decimal:
    """Return the sum of the rates."""
    return sum((c.rate for c in components), Decimal(0))
