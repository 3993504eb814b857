"""A made-up month in the shape of the data set, with every kind of line and of fault that its other months have."""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

HEAD = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
Line = tuple[str, str, str, str, str, str, str, str]


@dataclass
class Month:
    """Invoices of a made-up shop; the same seed gives the same file."""

    sales: int = 60
    longest: int = 40
    seed: int = 1
    _number: int = 600_000
    _lines: list[Line] = field(default_factory=list)

    def content(self) -> bytes:
        """Return the file."""
        chance = random.Random(self.seed)
        for _ in range(self.sales):
            self._sale(chance)
        self._longest_sale(chance)
        self._add_cases()
        text = io.StringIO(newline="")
        csv.writer(text).writerows([HEAD, *self._lines])
        return text.getvalue().encode()

    def _add(
        self, invoice: str, code: str, text: str, qty: object, price: object, customer: str = ""
    ) -> None:
        day = 1 + len(self._lines) % 28
        self._lines.append(
            (
                invoice,
                code,
                text,
                str(qty),
                f"2030-03-{day:02d} 10:00",
                str(price),
                customer,
                "United Kingdom",
            )
        )

    def _next(self, prefix: str = "") -> str:
        self._number += 1
        return f"{prefix}{self._number}"

    def _sale(self, chance: random.Random) -> None:
        invoice, customer = self._next(), chance.choice(["", "10001", "10002", "10003"])
        for _ in range(chance.randrange(1, 12)):
            self._add(invoice, *self._goods(chance), customer)
        if chance.random() < 0.2:
            self._add(invoice, "POST", "POSTAGE", 1, "18.00", customer)

    def _goods(self, chance: random.Random) -> tuple[str, str, int, str]:
        number = chance.randrange(80)
        code = f"2{number:04d}" if number % 5 else chance.choice([f"8{number:04d}A", f"8{number:04d}a"])
        price = 0.85 + number / 4 if chance.random() < 0.7 else chance.randrange(1, 999) / 100
        text = chance.choice([f"MADE-UP ITEM {number}", f"MADE-UP ITEM {number} ", "", f"item {number}?"])
        return code, text, chance.randrange(1, 50), f"{price:.2f}"

    def _longest_sale(self, chance: random.Random) -> None:
        invoice = self._next()
        for _ in range(self.longest):
            self._add(invoice, *self._goods(chance))
        self._add(invoice, "DOT", "DOTCOM POSTAGE", 1, "412.37")

    def _add_cases(self) -> None:
        for lines in self._cases():
            invoice = self._next(lines[0])
            for line in lines[1]:
                self._add(invoice, *line)

    def _cases(self) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
        """Yield a prefix with the lines of an invoice."""
        who = "10009"
        twice = [("22222", "SAME TWICE", 6, "2.10", who), ("22222", "SAME TWICE", 4, "2.10", who)]
        yield "", [*twice, ("33333", "OTHER", 3, "1.05", who)]
        yield "C", [("22222", "SAME TWICE", -9, "2.10", who), ("33333", "OTHER", -1, "1.05", who)]
        yield "C", [("22222", "SAME TWICE", -1, "2.10", who)]
        yield "C", [("22222", "SAME TWICE", -1, "2.10", who)]
        yield (
            "C",
            [
                ("44444", "SOLD BEFORE THE FILE", -12, "3.75", "10010"),
                ("POST", "POSTAGE", -1, "9.00", "10010"),
            ],
        )
        yield "C", [("55555", "NOBODY KNOWN", -2, "4.15", "")]
        yield "C", [("D", "Discount", -1, "27.50", who)]
        yield "", [("M", "Manual", 1, "13541.33", who), ("m", "manual", 2, "0.00", who)]
        yield "", [("gift_0001_40", "Gift Voucher £40.00", 1, "34.04", "")]
        yield "", [("66666", "", 100, "0.00", "")]
        yield "", [("66666", "damages", -100, "0.00", "")]
        yield "", [("66667", "thrown away\t", -7, "0.00", ""), ("66668", "", -2, "0.00", "")]
        yield "A", [("B", "Adjust bad debt", 1, "11062.06", "")]
        yield "A", [("B", "Adjust bad debt", 1, "-11062.06", "")]
        yield (
            "",
            [
                ("PADS", "PADS TO MATCH ALL CUSHIONS", 1, "0.001", who),
                ("22222", "SAME TWICE", 1, "2.10", who),
            ],
        )
        yield "", [("77777", "X" * 400, 1, "1.25", "10011"), ("22222", "SAME TWICE", 0, "2.10", who)]
        yield "", [("77778", "BROKEN LINE", "many", "1.25", ""), ("77778", "HALF", "0.5", "1.25", "")]
        yield "", [("M", "Manual", -1, "0.00", "")]
        yield (
            "",
            [
                ("33333", "TAKEN BACK WITHOUT A CANCELLATION", -1, "1.05", who),
                ("33333", "OTHER", 2, "1.05", who),
            ],
        )
