"""One rounding rule, one allocator (MON rules)."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lunarfront.kernel.money import allocate, cumulative_share, minor_unit, round_down_to, round_to

D = Decimal
CENT = D("0.01")
totals = st.integers(-10_000_000, 10_000_000).map(lambda cents: D(cents) / 100)
weights = st.lists(st.decimals(min_value=0, max_value=100_000, places=3), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1.7173125", "1.72"), ("0.004999", "0.00")],
)
def test_mon_02_half_up_on_the_magnitude(value: str, rounded: str) -> None:
    assert round_to(D(value)) == D(rounded)


def test_mon_01_currencies_without_decimals() -> None:
    assert (minor_unit("USD"), minor_unit("JPY")) == (CENT, D(1))
    assert round_to(D("1234.5"), D(1)) == D("1235.00")


def test_mon_05_w8_freight() -> None:
    assert allocate(D("25.00"), [D("300.00"), D("149.99"), D("50.00")]) == [D("15.00"), D("7.50"), D("2.50")]


def test_mon_05_ties_go_to_the_lower_index() -> None:
    assert allocate(D("0.02"), [D(1), D(1), D(1)]) == [D("0.01"), D("0.01"), D("0.00")]


@given(totals, weights)
def test_mon_05_parts_add_up_and_zero_weights_get_nothing(total: Decimal, shares: list[Decimal]) -> None:
    assume(sum(shares) > 0)
    parts = allocate(total, shares)
    assert sum(parts) == total
    assert all(part == 0 for part, weight in zip(parts, shares, strict=True) if weight == 0)
    for part, weight in zip(parts, shares, strict=True):
        assert abs(part - total * weight / sum(shares)) < CENT


@given(totals, weights)
def test_mon_05_a_negative_total_is_the_mirror(total: Decimal, shares: list[Decimal]) -> None:
    assume(sum(shares) > 0)
    assert allocate(-total, shares) == [-part for part in allocate(total, shares)]


def test_mon_05_bad_weights_are_refused() -> None:
    for shares in ([D(-1), D(2)], [D(0), D(0)]):
        with pytest.raises(ValueError, match=r"weights|allocate"):
            allocate(D("1.00"), shares)
    with pytest.raises(ValueError, match="multiple"):
        allocate(D("1.005"), [D(1)])


@given(totals, st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_ret_04_any_split_adds_up(value: Decimal, pieces: list[int]) -> None:
    quantity, before, parts = D(sum(pieces)), D(0), []
    for piece in pieces:
        parts.append(cumulative_share(value, quantity, before, D(piece), CENT))
        before += piece
    assert sum(parts) == value


def test_pos_31_round_down_goes_towards_zero() -> None:
    assert (round_down_to(D("1.09"), D("0.05")), round_down_to(D("-1.09"), D("0.05"))) == (
        D("1.05"),
        D("-1.05"),
    )
