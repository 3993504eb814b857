"""Pure rules of the cash drawer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lunarfront.domains.drawer.journal import movement_postings, variance_postings
from lunarfront.domains.drawer.rules.cash import SIGNS, expected_cash, opening_of, shift_warnings
from lunarfront.domains.drawer.rules.denominations import (
    checked_pieces,
    counted_total,
    denominations,
    worth,
)
from lunarfront.domains.drawer.rules.figures import empty_part, merged, plain
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem


def money(text: str) -> Decimal:
    return Decimal(text)


def test_drw_05_expected_of_example_w6() -> None:
    moved = {
        "sale": money("192.96"),
        "refund": money("32.10"),
        "paid_in": money("20.00"),
        "paid_out": money("15.00"),
        "drop": money("150.00"),
    }
    assert expected_cash(money("200.00"), moved) == money("215.86")


def test_drw_05_no_sale_and_close_drop_do_not_count() -> None:
    assert expected_cash(money("200.00"), {"no_sale": money("0.00"), "close_drop": money("15.36")}) == 200
    assert expected_cash(money("10.00"), {"tip_payout": money("5.00"), "float": money("7.00")}) == 12
    assert set(SIGNS.values()) == {-1, 0, 1}


def test_drw_04_pieces_of_example_w6_are_worth_215_36() -> None:
    pieces = {"20": 8, "10": 3, "5.00": 4, "1": 4, "0.25": 5, "0.10": 1, "0.01": 1, "100": 0}
    checked = checked_pieces("USD", pieces)
    assert worth(checked) == money("215.36")
    assert list(checked) == ["20.00", "10.00", "5.00", "1.00", "0.25", "0.10", "0.01"]


@pytest.mark.parametrize(
    ("currency", "pieces"),
    [
        ("USD", {"0.20": 1}),
        ("USD", {"500": 1}),
        ("GBP", {"100": 1}),
        ("GBP", {"0.25": 1}),
        ("EUR", {"0.25": 4}),
        ("JPY", {"0.50": 2}),
        ("USD", {"20": -1}),
        ("USD", {"20": True}),
        ("USD", {"20": 1, "20.00": 1}),
        ("USD", {"twenty": 1}),
        ("USD", {"NaN": 1}),
        ("USD", {"Infinity": 1}),
        ("USD", {"1e400": 1}),
        ("USD", {"20.001": 1}),
    ],
)
def test_drw_04_unknown_denominations_and_counts_are_refused(currency: str, pieces: dict[str, int]) -> None:
    with pytest.raises(Problem) as refused:
        checked_pieces(currency, pieces)
    assert refused.value.code == "validation_failed"
    assert refused.value.errors[0].field.startswith("denominations[")


@pytest.mark.parametrize("currency", ["USD", "GBP", "EUR", "CAD", "JPY", "INR", "KRW"])
def test_drw_04_every_currency_has_pieces_largest_first(currency: str) -> None:
    pieces = denominations(currency)
    assert list(pieces) == sorted(set(pieces), reverse=True)
    assert all(piece > 0 for piece in pieces)


def test_drw_04_total_and_pieces_must_agree() -> None:
    assert counted_total("counted_total", None, {"20.00": 2}) == 40
    assert counted_total("counted_total", money("40.00"), None) == 40
    assert counted_total("counted_total", money("40.00"), {"20.00": 2}) == 40
    with pytest.raises(Problem) as refused:
        counted_total("counted_total", money("41.00"), {"20.00": 2})
    assert refused.value.code == "denominations_mismatch"
    with pytest.raises(Problem) as missing:
        counted_total("counted_total", None, None)
    assert missing.value.code == "validation_failed"


@pytest.mark.parametrize(
    ("counted", "left", "default", "first", "given", "from_safe", "variance"),
    [
        ("200.00", "0.00", "0.00", True, None, "200.00", "0.00"),
        ("200.00", "200.00", "0.00", False, None, "0.00", "0.00"),
        ("195.00", "200.00", "200.00", False, None, "0.00", "-5.00"),
        ("210.00", "200.00", "200.00", False, None, "0.00", "10.00"),
        ("200.00", "0.00", "200.00", False, None, "200.00", "0.00"),
        ("210.00", "0.00", "200.00", False, None, "200.00", "10.00"),
        ("100.00", "100.00", "200.00", False, None, "0.00", "0.00"),
        ("90.00", "100.00", "200.00", False, None, "0.00", "-10.00"),
        ("0.00", "-0.01", "0.00", False, None, "0.00", "0.01"),
        ("200.00", "-5.00", "200.00", False, None, "200.00", "5.00"),
        ("150.00", "100.00", "0.00", False, "50.00", "50.00", "0.00"),
        ("140.00", "100.00", "0.00", False, "50.00", "50.00", "-10.00"),
        ("200.00", "0.00", "0.00", True, "150.00", "150.00", "50.00"),
    ],
)
def test_drw_02_float_is_what_was_left_what_came_and_a_difference(
    counted: str, left: str, default: str, first: bool, given: str | None, from_safe: str, variance: str
) -> None:
    opening = opening_of(
        money(counted),
        money(left),
        money(default),
        is_first=first,
        from_safe=money(given) if given else None,
    )
    assert (opening.from_safe, opening.variance) == (money(from_safe), money(variance))


def test_drw_12_long_shifts_and_other_dates_warn() -> None:
    start, day = datetime(2026, 3, 8, 18, tzinfo=UTC), date(2026, 3, 8)
    assert shift_warnings(start, day, start + timedelta(hours=24), day) == []
    tomorrow = day + timedelta(days=1)
    assert shift_warnings(start, day, start + timedelta(hours=7), tomorrow) == ["business_date_changed"]
    late = shift_warnings(start, day, start + timedelta(hours=25), tomorrow)
    assert late == ["open_over_24_hours", "business_date_changed"]


@pytest.mark.parametrize(
    ("kind", "contra", "cash"),
    [
        ("float", "cash_safe", "200.00"),
        ("drop", "cash_safe", "-200.00"),
        ("close_drop", "cash_safe", "-200.00"),
        ("paid_in", "cash_safe", "200.00"),
        ("paid_out", "supplies", "-200.00"),
        ("tip_payout", "tips", "-200.00"),
    ],
)
def test_je_24_and_je_19_balance_on_the_right_side(kind: str, contra: str, cash: str) -> None:
    first, second = movement_postings(kind, money("200.00"), "cash_drawer", contra, uuid7())
    assert (first.role, first.amount) == ("cash_drawer", money(cash))
    assert (second.role, second.amount) == (contra, -money(cash))


def test_je_21_short_debits_over_short() -> None:
    cash, over_short = variance_postings(money("-0.50"), "cash_drawer", uuid7())
    assert (cash.amount, over_short.role, over_short.amount) == (money("-0.50"), "over_short", money("0.50"))


def test_drw_12_parts_of_several_dates_add_up() -> None:
    first, second = empty_part(), empty_part()
    for part, amount in ((first, "10.00"), (second, "5.50")):
        part["sales"]["count"] += 1
        part["sales"]["total"] += money(amount)
        part["tenders"].append({"type": "cash", "count": 1, "amount": money(amount)})
    second["tenders"].append({"type": "card", "count": 2, "amount": money("7.00")})
    total = plain(merged([first, second]))
    assert (total["sales"]["count"], total["sales"]["total"]) == (2, "15.50")
    assert total["tenders"] == [
        {"type": "cash", "count": 2, "amount": "15.50"},
        {"type": "card", "count": 2, "amount": "7.00"},
    ]
