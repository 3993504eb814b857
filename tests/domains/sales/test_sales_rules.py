"""Price, tenders and returns against the worked examples, and their sums on any cart."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.domains.sales.rules.approvals import needs_of
from lunarfront.domains.sales.rules.items import CartLine, Item, Reduction
from lunarfront.domains.sales.rules.pricing import PricedCart, price_cart
from lunarfront.domains.sales.rules.returns import SoldLine, SoldTax, return_line
from lunarfront.domains.sales.rules.tenders import CashRounding, Offer, PaidTender, plan_refund, settle
from lunarfront.domains.tax.rules import Component, TaxPolicy
from lunarfront.kernel.context import Rights
from lunarfront.kernel.problems import Problem

D = Decimal
CENT = D("0.01")
TAX = Component(None, "T", "Tax", "T", D("0.0725"))
SIX = Component(None, "S", "Six", "S", D("0.06"))


def item(price: str, **more: object) -> Item:
    return replace(Item(UUID(int=1), "SKU", "Thing", "stocked", D(price), UUID(int=2)), **more)  # type: ignore[arg-type]


def percent(value: str) -> Reduction:
    return Reduction("percent", D(value), "manager")


def amount(value: str) -> Reduction:
    return Reduction("amount", D(value), "manager")


def w3() -> PricedCart:
    lines = [
        CartLine(item("100.00"), D(1), (TAX,), reductions=(percent("10"),)),
        CartLine(item("9.99"), D(3), (TAX,)),
        CartLine(item("45.50"), D(1), (TAX,)),
    ]
    return price_cart(lines, [amount("15.00")], TaxPolicy())


def test_pos_15_w3_cart_discount_is_spread() -> None:
    cart = w3()
    assert [line.cart_discount for line in cart.lines] == [D("8.16"), D("2.72"), D("4.12")]
    assert [line.net for line in cart.lines] == [D("81.84"), D("27.25"), D("41.38")]
    assert [line.tax.tax for line in cart.lines] == [D("5.93"), D("1.98"), D("3.00")]
    assert (cart.total, cart.discount_total, cart.subtotal) == (D("161.38"), D("25.00"), D("175.47"))


def sold(cart: PricedCart, index: int, returned: str = "0") -> SoldLine:
    line = cart.lines[index]
    taxes = tuple(
        SoldTax(
            None,
            p.component.name,
            p.component.jurisdiction,
            p.component.rate,
            p.taxable_amount,
            p.exempt_amount,
            p.amount,
        )
        for p in line.tax.parts
    )
    return SoldLine(
        UUID(int=index + 1), index + 1, line.cart.qty, line.extended, line.override_amount, line.line_discount,
        line.cart_discount, line.net, line.tax.tax, line.total, D("13.57"), taxes, D(returned),
    )  # fmt: skip


def test_ret_04_w4_piece_by_piece() -> None:
    cart = w3()
    parts = [return_line(sold(cart, 1, str(n)), D(1), "exclusive", CENT) for n in range(3)]
    assert [p.total for p in parts] == [D("9.74"), D("9.75"), D("9.74")]
    assert sum(p.total for p in parts) == D("29.23")
    with pytest.raises(Problem, match="refund_exceeds_sold"):
        return_line(sold(cart, 1, "3"), D(1), "exclusive", CENT)


def test_pos_13_w11_override_plus_discount_needs_approval() -> None:
    cart = price_cart(
        [CartLine(item("250.00"), D(1), (SIX,), unit_price=D("229.00"), reductions=(percent("5"),))],
        [],
        TaxPolicy(),
    )
    (line,) = cart.lines
    assert (line.override_amount, line.line_discount, line.net) == (D("21.00"), D("11.45"), D("217.55"))
    assert (line.tax.tax, cart.total) == (D("13.05"), D("230.60"))
    needs = needs_of(cart, Rights(discount_percent_limit=D("0.10")))
    assert "pos.discount.approve" in {need.permission for need in needs}


def test_pos_17_splitting_a_discount_does_not_avoid_approval() -> None:
    line = CartLine(item("100.00"), D(1), (), reductions=(percent("9"),))
    cart = price_cart([line], [percent("9")], TaxPolicy())
    staff = Rights(discount_percent_limit=D("0.10"))
    assert [n.permission for n in needs_of(cart, staff)].count("pos.discount.approve") == 2
    below = price_cart([replace(line, reductions=(percent("10"),))], [], TaxPolicy())
    assert "pos.discount.approve" not in {n.permission for n in needs_of(below, staff)}


def test_pos_14_discount_above_the_line_is_refused() -> None:
    with pytest.raises(Problem, match="discount_exceeds_line"):
        price_cart([CartLine(item("4.99"), D(1), (), reductions=(amount("5.00"),))], [], TaxPolicy())
    with pytest.raises(Problem, match="discount_exceeds_cart"):
        price_cart([CartLine(item("4.99"), D(1))], [amount("5.00")], TaxPolicy())


def test_pos_16_fees_take_no_cart_discount() -> None:
    lines = [CartLine(item("10.00"), D(1)), CartLine(item("10.00", kind="fee"), D(1))]
    cart = price_cart(lines, [percent("50")], TaxPolicy())
    assert [line.net for line in cart.lines] == [D("5.00"), D("10.00")]


def test_pos_19_the_better_promotion_wins_and_ties_go_to_the_lower_code() -> None:
    five = Reduction("amount", D("5.00"), code="B", stackable=False)
    half = Reduction("percent", D("50"), code="C", stackable=False)
    same = Reduction("amount", D("5.00"), code="A", stackable=False)
    cart = price_cart([CartLine(item("10.00"), D(1), (), reductions=(five, half, same))], [], TaxPolicy())
    assert [a.reduction.code for a in cart.lines[0].applied] == ["A"]


def test_pos_31_w5_split_with_cash_rounding() -> None:
    settled = settle(
        D("56.43"),
        [Offer("card", D("30.00"), reference="slip 1"), Offer("cash", tendered=D("30.00"))],
        CashRounding(D("0.05")),
    )
    assert (settled.change, settled.rounding, settled.paid) == (D("3.55"), D("0.02"), D("56.45"))


def test_ret_08_w5_rounding_of_the_sale_is_given_back() -> None:
    rounding = CashRounding(D("0.05"))
    paid = PaidTender(UUID(int=9), "cash", D("21.63"), D("21.65"))
    first = plan_refund(D("7.21"), [paid], rounding, is_last=False)
    assert first.paid == D("-7.20")
    rest = replace(paid, refunded_applied=D("7.21"), refunded_amount=D("7.20"))
    assert plan_refund(D("14.42"), [rest], rounding, is_last=True).paid == D("-14.45")


def test_pos_28_underpaid_says_what_is_due() -> None:
    with pytest.raises(Problem) as refused:
        settle(D("10.00"), [Offer("cash", tendered=D("4.00"))], CashRounding())
    assert (refused.value.code, refused.value.extra["balance_due"]) == ("underpaid", "6.00")


def test_pos_29_only_cash_may_overpay() -> None:
    with pytest.raises(Problem, match="overpayment_not_allowed"):
        settle(D("10.00"), [Offer("check", D("10.01"))], CashRounding())
    assert settle(D("10.00"), [Offer("cash", tendered=D("20.00"))], CashRounding()).change == D("10.00")


def test_ret_07_never_more_than_was_paid() -> None:
    paid = PaidTender(UUID(int=9), "card", D("10.00"), D("10.00"), D("4.00"), D("4.00"))
    with pytest.raises(Problem, match="refund_exceeds_paid"):
        plan_refund(D("6.01"), [paid], CashRounding(), is_last=False)


money = st.decimals(min_value=D("0.01"), max_value=2000, places=2)
reductions = st.one_of(
    st.decimals(min_value=0, max_value=100, places=2).map(lambda v: Reduction("percent", v)),
    st.decimals(min_value=0, max_value=D("0.50"), places=2).map(lambda v: Reduction("amount", v)),
)


@st.composite
def carts(draw: st.DrawFn) -> tuple[PricedCart, TaxPolicy]:
    components = [
        Component(None, f"C{i}", f"C{i}", f"J{i}", D(draw(st.integers(0, 150_000))) / 1_000_000)
        for i in range(3)
    ]
    lines = [
        CartLine(
            item(str(draw(money))),
            D(draw(st.integers(1, 12))),
            tuple(draw(st.lists(st.sampled_from(components), unique=True))),
            unit_price=draw(st.none() | money),
            reductions=tuple(draw(st.lists(reductions.filter(lambda r: r.type == "percent"), max_size=2))),
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    policy = TaxPolicy(
        draw(st.sampled_from(["exclusive", "inclusive"])), draw(st.sampled_from(["document", "line"]))
    )
    cart_reductions = draw(st.lists(reductions.filter(lambda r: r.type == "percent"), max_size=1))
    return price_cart(lines, cart_reductions, policy), policy


@given(carts())
def test_pos_07_every_cart_adds_up_both_ways(drawn: tuple[PricedCart, TaxPolicy]) -> None:
    cart, policy = drawn
    assert cart.total == sum(line.total for line in cart.lines)
    assert cart.tax_total == sum(p.amount for line in cart.lines for p in line.tax.parts)
    assert sum(a.amount for a in cart.cart_applied) == sum(line.cart_discount for line in cart.lines)
    for line in cart.lines:
        after = line.extended - line.reductions
        assert after >= 0
        assert after == (line.net if policy.price_mode == "exclusive" else line.total)


@given(carts(), st.randoms(use_true_random=False))
def test_ret_04_refunding_every_piece_returns_exactly_the_total(
    drawn: tuple[PricedCart, TaxPolicy], order
) -> None:  # type: ignore[no-untyped-def]
    cart, policy = drawn
    pieces = [i for i, line in enumerate(cart.lines) for _ in range(int(line.cart.qty))]
    order.shuffle(pieces)
    done = [0] * len(cart.lines)
    back: list[dict[str, D]] = []
    for i in pieces:
        part = return_line(sold(cart, i, str(done[i])), D(1), policy.price_mode, CENT)
        done[i] += 1
        back.append({"total": part.total, "net": part.net, "tax": part.tax, "cost": part.cost_value})
    assert sum(b["total"] for b in back) == cart.total
    assert sum(b["tax"] for b in back) == cart.tax_total
    assert sum(b["cost"] for b in back) == D("13.57") * len(cart.lines)
