"""Value pool against example W7, and what holds for any order of moves."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lunarfront.domains.inventory.rules import Pool, issue, put_back, receive

D = Decimal
CENT = D("0.01")


def pool(qty: str = "0", value: str = "0.00") -> Pool:
    return Pool(UUID(int=1), UUID(int=2), 1, D(qty), D(value))


def test_inv_13_w7_weighted_average() -> None:
    p = receive(pool(), D(10), D("100.00"), CENT).moved.pool
    first = issue(p, D(3), CENT)
    p = receive(first.pool, D(5), D("60.50"), CENT).moved.pool
    assert (first.value, p.qty, p.value) == (D("-30.00"), D(12), D("130.50"))
    second = issue(p, D(5), CENT)
    third = issue(second.pool, D(7), CENT)
    assert (second.value, third.value) == (D("-54.38"), D("-76.12"))
    assert (third.pool.qty, third.pool.value) == (0, 0)


def test_inv_11_w7_below_zero_and_true_up() -> None:
    sold = issue(receive(pool(), D(2), D("20.00"), CENT).moved.pool, D(4), CENT)
    assert (sold.value, sold.provisional, sold.pool.qty, sold.pool.value) == (
        D("-40.00"),
        True,
        D(-2),
        D("-20.00"),
    )
    receipt = receive(sold.pool, D(5), D("60.00"), CENT)
    assert receipt.true_up == D("4.00")
    assert (receipt.moved.pool.qty, receipt.moved.pool.value) == (D(3), D("36.00"))


def test_inv_11_nothing_known_uses_the_default_cost() -> None:
    assert issue(pool(), D(2), CENT, D("3.50")).value == D("-7.00")
    assert issue(pool(), D(2), CENT).value == 0


def test_inv_11_last_average_is_remembered_at_zero() -> None:
    empty = issue(pool("4", "10.00"), D(4), CENT).pool
    assert (empty.qty, empty.value) == (0, 0)
    assert issue(empty, D(2), CENT, D("99")).value == D("-5.00")


moves = st.lists(
    st.tuples(st.sampled_from(["receive", "issue", "back"]), st.integers(1, 30), st.integers(0, 50_000)),
    max_size=25,
)


@given(moves)
def test_inv_13_zero_quantity_implies_zero_value_and_nothing_is_lost(
    steps: list[tuple[str, int, int]],
) -> None:
    p, total = pool(), D(0)
    for kind, qty, cents in steps:
        if kind == "receive":
            receipt = receive(p, D(qty), D(cents) / 100, CENT)
            p, total = receipt.moved.pool, total + receipt.moved.value
        elif kind == "issue":
            moved = issue(p, D(qty), CENT, D("2.00"))
            p, total = moved.pool, total + moved.value
        else:
            moved = put_back(p, D(qty), D(cents) / 100)
            p, total = moved.pool, total + moved.value
        assert p.value == total
        assert p.qty != 0 or p.value == 0
