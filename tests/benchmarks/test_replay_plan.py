"""Rows of the file, and the plan made of them: no request is sent."""

from collections import Counter

import pytest
from retail.catalogue import customers_of, items_of
from retail.plan import Adjustment, Return, Sale, Task, plan_of
from retail.rows import Row, money, read_rows
from retail.sample import Month

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def rows_of(*lines: str) -> list[Row]:
    rows, faults = read_rows((HEAD + "\n".join(lines)).encode())
    assert not faults
    return rows


def line(invoice: str, code: str, qty: int, price: str, customer: str = "17850", text: str = "THING") -> str:
    return f"{invoice},{code},{text},{qty},2010-12-01 08:26,{price},{customer},United Kingdom"


def tasks_of(*lines: str) -> list[Task]:
    return plan_of(rows_of(*lines))[0]


def test_every_line_is_planned_or_named_as_a_fault_and_the_sum_stays() -> None:
    content = Month().content()
    rows, unread = read_rows(content)
    tasks, unplanned = plan_of(rows)
    planned = Counter(row.line for task in tasks for row in task.rows)
    faults = Counter(fault.line for fault in (*unread, *unplanned))
    assert set((planned | faults).values()) == {1}
    assert len(planned) + len(faults) == content.count(b"\n") - 1
    total = sum(row.amount for row in rows) + sum(fault.amount for fault in unread)
    assert total == sum(t.amount for t in tasks) + sum(f.amount for f in (*unread, *unplanned))


@pytest.mark.parametrize(
    ("qty", "price", "reason"),
    [
        ("0", "1.00", "quantity"),
        ("1.5", "1.00", "quantity"),
        ("1", "0.001", "penny"),
        ("1", "-5.00", "negative price"),
        ("x", "1.00", "no number"),
        ("1", "NaN", "no number"),
        ("", "", "no number"),
    ],
)
def test_a_line_that_cannot_be_represented_is_a_fault_of_the_input(qty: str, price: str, reason: str) -> None:
    rows, faults = read_rows(f"{HEAD}536365,22633,THING,{qty},2010-12-01 08:26,{price},,EIRE\n".encode())
    assert not rows
    assert [fault.line for fault in faults] == [2]
    assert reason in faults[0].reason


def test_files_of_other_encodings_and_short_lines_are_read() -> None:
    rows, faults = read_rows(HEAD.encode() + "1,A,VOUCHER £5,1,x,5.00\n2\n".encode("cp1252"))
    assert [(row.description, row.customer) for row in rows] == [("VOUCHER £5", "")]
    assert [fault.line for fault in faults] == [3]


def test_codes_in_small_letters_are_the_same_item_at_its_most_frequent_price() -> None:
    items = items_of(
        rows_of(
            line("1", "84970S", 1, "0.85"), line("2", "84970s", 1, "0.85"), line("3", "84970S", 1, "1.69"),
            line("4", "84970S", 5, "0.00", text="found"), line("5", "post", 1, "18.00", text="POSTAGE"),
        )
    )  # fmt: skip
    assert {(i.code, i.name, money(i.price), i.is_charge) for i in items.values()} == {
        ("84970S", "THING", "0.85", False),
        ("post", "POSTAGE", "0.00", True),
    }


def test_customers_have_a_country_where_its_name_is_one() -> None:
    rows, _ = read_rows(f"{HEAD}1,A,X,1,d,1,12,EIRE\n2,A,X,1,d,1,13,Unspecified\n".encode())
    assert {c.number: c.country for c in customers_of(rows).values()} == {"12": "IE", "13": None}


def test_a_cancellation_is_linked_to_the_newest_sale_that_has_all_its_lines() -> None:
    first, second, back = tasks_of(
        line("1", "A", 5, "2.00"),
        line("2", "A", 3, "2.00"),
        line("2", "A", 2, "2.00"),
        line("C3", "A", -4, "2.00"),
    )
    assert isinstance(back, Return)
    assert back.original is second
    assert back.parts == [(0, 3), (1, 1)]
    assert isinstance(first, Sale)
    assert first.left == [5]


@pytest.mark.parametrize(
    "cancelled",
    [
        line("C2", "A", -6, "2.00"),
        line("C2", "A", -1, "1.99"),
        line("C2", "B", -1, "2.00"),
        line("C2", "A", -1, "2.00", customer="17851"),
        line("C2", "A", -1, "2.00", customer=""),
    ],
    ids=["more than sold", "another price", "another item", "another customer", "nobody known"],
)
def test_a_cancellation_without_its_sale_is_a_return_without_receipt(cancelled: str) -> None:
    back = tasks_of(line("1", "A", 5, "2.00"), cancelled)[1]
    assert isinstance(back, Return)
    assert back.original is None


def test_what_came_back_once_cannot_come_back_again() -> None:
    tasks = tasks_of(line("1", "A", 5, "2.00"), line("C2", "A", -3, "2.00"), line("C3", "A", -3, "2.00"))
    assert [t.original is not None for t in tasks if isinstance(t, Return)] == [True, False]


def test_a_return_is_never_linked_to_a_later_sale() -> None:
    back = tasks_of(line("C1", "A", -1, "2.00"), line("2", "A", 5, "2.00"))[0]
    assert isinstance(back, Return)
    assert back.original is None


def test_stock_without_a_price_is_written_off_and_charges_without_a_price_are_faults() -> None:
    tasks, faults = plan_of(rows_of(line("1", "A", -7, "0.00"), line("2", "M", -1, "0.00")))
    assert [type(task) for task in tasks] == [Adjustment]
    assert [fault.invoice for fault in faults] == ["2"]


def test_an_invoice_above_the_bound_is_rung_up_in_parts_with_names_of_their_own() -> None:
    tasks = tasks_of(*(line("1", "A", 1, "1.00") for _ in range(2001)))
    assert [(t.legacy_id, len(t.rows)) for t in tasks] == [("1", 2000), ("1/2", 1)]
