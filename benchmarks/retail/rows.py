"""Lines of the Online Retail data set (UCI Machine Learning Repository, D. Chen, CC BY 4.0), read with their faults."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

CENT = Decimal("0.01")
#: Codes that are no goods: carriage, manual entries, discounts, samples, commissions, bank, charity, bad debt.
CHARGES = {
    "POST", "DOT", "C2", "C3", "M", "D", "S", "B", "AMAZONFEE", "BANK CHARGES", "CRUK", "ADJUST", "ADJUST2",
}  # fmt: skip
VOUCHER = "GIFT_"


@dataclass(frozen=True)
class Row:
    """One line of an invoice. ``line`` is its place in the file, which counts from 1 with the heading."""

    line: int
    invoice: str
    code: str
    description: str
    qty: int
    price: Decimal
    customer: str
    country: str

    @property
    def amount(self) -> Decimal:
        """Quantity times price, unrounded."""
        return self.qty * self.price

    @property
    def key(self) -> str:
        """The item: codes mean the same in capitals and in small letters (INV-01)."""
        return self.code.upper()

    @property
    def is_charge(self) -> bool:
        """Whether the line is no goods."""
        return self.key in CHARGES or self.key.startswith(VOUCHER)

    @property
    def is_cancellation(self) -> bool:
        """Whether the invoice cancels another one."""
        return self.invoice.upper().startswith("C")


@dataclass(frozen=True)
class Fault:
    """A line that cannot be represented, with the reason and what it would have added."""

    line: int
    invoice: str
    reason: str
    amount: Decimal

    def as_dict(self) -> dict[str, object]:
        """Return it as the last line of the replay shows it."""
        return {
            "line": self.line,
            "invoice": self.invoice,
            "reason": self.reason,
            "amount": money(self.amount),
        }


def money(amount: Decimal) -> str:
    """Return an amount with its two decimals, or with more where the input has them."""
    amount += 0  # no negative zero
    return str(amount.quantize(CENT) if amount == amount.quantize(CENT) else amount.normalize())


def read_rows(content: bytes) -> tuple[list[Row], list[Fault]]:
    """Return the lines of a file, plain or gzipped, and those that cannot be read."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, cells in _cells(content):
        read = _read(line, cells)
        if isinstance(read, Row):
            rows.append(read)
        else:
            faults.append(read)
    return rows, faults


def _cells(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    for cells in reader:
        yield reader.line_num, {name or "": _clean(value) for name, value in cells.items()}


def _clean(value: object) -> str:
    """What the product would refuse in a text is no letter of it."""
    return "".join(c for c in str(value or "") if c.isprintable()).strip()


def _read(line: int, cells: dict[str, str]) -> Row | Fault:
    invoice, code = cells.get("InvoiceNo", ""), cells.get("StockCode", "")
    try:
        qty, price = Decimal(cells.get("Quantity", "")), Decimal(cells.get("UnitPrice", ""))
        amount = qty * price
        if not amount.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        return Fault(line, invoice, "quantity or price is no number", Decimal(0))
    reason = _fault(invoice, code, qty, price)
    if reason:
        return Fault(line, invoice, reason, amount)
    customer = cells.get("CustomerID", "").removesuffix(".0")
    return Row(
        line, invoice, code, cells.get("Description", ""), int(qty), price, customer, cells.get("Country", "")
    )


def _fault(invoice: str, code: str, qty: Decimal, price: Decimal) -> str | None:
    if not invoice or not code:
        return "no invoice number or no stock code"
    if qty == 0 or qty != qty.to_integral_value():
        return "the quantity is zero, or no whole number of pieces"
    if price < 0:
        return "a negative price: neither a sale nor a return"
    if price != price.quantize(CENT):
        return "the price has parts of a penny"
    return None
