"""Rules that other tests touch, each shown by itself."""

from decimal import Decimal
from uuid import UUID

from lunarfront.domains.inventory.rules import Pool
from lunarfront.domains.sales.journal import Books, Sold, sale_postings
from lunarfront.domains.sales.service.goods import issue_unit
from lunarfront.domains.tax.rules import Component, TaxableLine, TaxPolicy, tax_lines
from lunarfront.kernel.money import multiply, ratio

D = Decimal
HERE = UUID(int=1)


def test_acc_09_inclusive_revenue_and_discounts_are_net_of_tax() -> None:
    books = Books(HERE, False, None, "inclusive", D("0.01"))
    line = Sold(
        "sales",
        "cogs",
        "inventory",
        D("12.00"),
        D("1.20"),
        D("0.00"),
        D("9.00"),
        D("0.20"),
        ((None, D("1.80")),),
        D("0"),
    )
    by_role = {p.role: p.amount for p in sale_postings(books, [line]) if p.amount}
    assert by_role == {"sales": D("-10.00"), "discounts": D("1.00"), "sales_tax": D("-1.80")}


def test_inv_10_a_serial_number_leaves_at_its_own_cost() -> None:
    moved = issue_unit(Pool(HERE, HERE, 1, D(2), D("950.00")), D("500.00"))
    assert (moved.value, moved.pool.qty, moved.pool.value) == (D("-500.00"), D(1), D("450.00"))


def test_mon_03_steps_in_between_keep_full_precision() -> None:
    third = ratio(D("10.00"), D(1), D(3))
    assert abs(multiply(third, D(3)) - 10) < D("1e-28")


def test_tax_03_lines_with_the_same_components_form_one_group() -> None:
    rate = Component(None, "T", "Tax", "T", D("0.05"))
    results = tax_lines([TaxableLine(D("0.10"), (rate,)), TaxableLine(D("0.10"), (rate,))], TaxPolicy())
    assert sum(r.tax for r in results) == D("0.01")


def test_tax_04_the_taxable_amount_is_what_discounts_leave() -> None:
    rate = Component(None, "T", "Tax", "T", D("0.10"))
    (line,) = tax_lines([TaxableLine(D("80.00"), (rate,))], TaxPolicy())
    assert (line.parts[0].taxable_amount, line.tax) == (D("80.00"), D("8.00"))
