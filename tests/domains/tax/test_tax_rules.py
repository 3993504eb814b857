"""Tax computation against the worked examples, and its sums on any cart."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.domains.tax.rules import Component, Exemption, TaxableLine, TaxPolicy, tax_lines

D = Decimal
STATE = Component(None, "ST", "State", "ST", D("0.04"))
CITY = Component(None, "CI", "City", "CI", D("0.045"))
DISTRICT = Component(None, "DI", "District", "DI", D("0.00375"))
VAT = Component(None, "VAT", "VAT", "UK", D("0.20"))


def taxes(amounts: list[str], components: tuple[Component, ...], **policy: str) -> list[Decimal]:
    return [r.tax for r in tax_lines([TaxableLine(D(a), components) for a in amounts], TaxPolicy(**policy))]


def test_tax_05_w1_document_rounding() -> None:
    results = tax_lines(
        [TaxableLine(D(a), (STATE, CITY, DISTRICT)) for a in ("9.99", "5.49", "3.87")], TaxPolicy()
    )
    assert [r.tax for r in results] == [D("0.89"), D("0.49"), D("0.34")]
    assert [[p.amount for p in r.parts] for r in results] == [
        [D("0.40"), D("0.45"), D("0.04")],
        [D("0.22"), D("0.25"), D("0.02")],
        [D("0.16"), D("0.17"), D("0.01")],
    ]


def test_tax_06_w1_line_rounding() -> None:
    results = tax_lines(
        [TaxableLine(D(a), (STATE, CITY, DISTRICT)) for a in ("9.99", "5.49", "3.87")],
        TaxPolicy(rounding="line"),
    )
    assert [r.tax for r in results] == [D("0.89"), D("0.49"), D("0.34")]
    assert [sum(r.parts[i].amount for r in results) for i in range(3)] == [D("0.77"), D("0.87"), D("0.08")]


def test_tax_07_w2_inclusive() -> None:
    results = tax_lines(
        [TaxableLine(D(a), (VAT,)) for a in ("24.99", "7.49", "6.60")], TaxPolicy("inclusive")
    )
    assert [r.tax for r in results] == [D("4.16"), D("1.25"), D("1.10")]
    assert [r.net for r in results] == [D("20.83"), D("6.24"), D("5.50")]


def test_tax_10_w10_exempt_with_inclusive_prices() -> None:
    everything = Exemption(UUID(int=1))
    (line,) = tax_lines([TaxableLine(D("36.00"), (VAT,))], TaxPolicy("inclusive"), everything)
    assert (line.net, line.tax, line.parts[0].exempt_amount) == (D("30.00"), D("0.00"), D("30.00"))


def test_tax_09_w10_exempt_from_county_only() -> None:
    state, county = Component(None, "S", "S", "S", D("0.06")), Component(None, "C", "C", "C", D("0.01"))
    (line,) = tax_lines(
        [TaxableLine(D("64.95"), (state, county))], TaxPolicy(), Exemption(UUID(int=1), frozenset({"C"}))
    )
    assert (line.tax, line.net + line.tax) == (D("3.90"), D("68.85"))


amounts = st.decimals(min_value=0, max_value=20_000, places=2)
rates = st.decimals(min_value=0, max_value=D("0.3"), places=6)


@st.composite
def documents(draw: st.DrawFn) -> tuple[list[TaxableLine], TaxPolicy, Exemption | None]:
    components = [
        Component(None, f"C{i}", f"C{i}", f"J{i}", draw(rates)) for i in range(draw(st.integers(1, 4)))
    ]
    sets = st.lists(st.sampled_from(components), unique=True, max_size=len(components)).map(tuple)
    lines = [TaxableLine(draw(amounts), draw(sets)) for _ in range(draw(st.integers(1, 8)))]
    policy = TaxPolicy(
        draw(st.sampled_from(["exclusive", "inclusive"])), draw(st.sampled_from(["document", "line"]))
    )
    exempt = draw(st.none() | st.frozensets(st.sampled_from([c.jurisdiction for c in components])))
    return lines, policy, None if exempt is None else Exemption(UUID(int=1), exempt)


@given(documents())
def test_tax_05_every_document_adds_up_both_ways(
    document: tuple[list[TaxableLine], TaxPolicy, Exemption | None],
) -> None:
    lines, policy, exemption = document
    results = tax_lines(lines, policy, exemption)
    for line, result in zip(lines, results, strict=True):
        assert result.tax == sum((p.amount for p in result.parts), D(0))
        assert result.tax >= 0
        assert result.net >= 0
        if policy.price_mode == "exclusive":
            assert result.net == line.amount
        elif exemption is None:
            assert result.net + result.tax == line.amount


@pytest.mark.parametrize("rounding", ["document", "line"])
def test_tax_07_inclusive_customer_pays_the_shelf_price(rounding: str) -> None:
    results = tax_lines([TaxableLine(D("0.01"), (VAT,))] * 7, TaxPolicy("inclusive", rounding))
    assert sum(r.net + r.tax for r in results) == D("0.07")
