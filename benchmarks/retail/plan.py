"""From rows to what is rung up: sales, returns with or without their sale, stock adjustments. Nothing is sent here."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from retail.rows import Fault, Row

MAX_LINES, MAX_ADJUSTED = 2000, 500


@dataclass(eq=False)
class Task:
    """One document. ``legacy_id`` is the invoice number, with the part where an invoice needs several documents."""

    invoice: str
    legacy_id: str
    rows: list[Row]
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def customer(self) -> str:
        """The customer's number, or an empty text."""
        return self.rows[0].customer

    @property
    def amount(self) -> Decimal:
        """What it adds to the file's sum."""
        return sum((row.amount for row in self.rows), Decimal(0))


@dataclass(eq=False)
class Sale(Task):
    """Goods sold. ``left`` is what can still come back of each line; ids are known once it was rung up."""

    left: list[int] = field(default_factory=list)
    transaction_id: UUID | None = None
    line_ids: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Return(Task):
    """Goods that come back; ``parts`` are lines of the original by place, with their quantities."""

    original: Sale | None = None
    parts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(eq=False)
class Adjustment(Task):
    """Stock written off."""


def plan_of(rows: Iterable[Row]) -> tuple[list[Task], list[Fault]]:
    """Return the documents in the order of the file, and the lines that cannot be represented."""
    invoices: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        invoices[row.invoice].append(row)
    tasks: list[Task] = []
    faults: list[Fault] = []
    sales: dict[str, list[Sale]] = defaultdict(list)
    for invoice, lines in invoices.items():
        made = list(_documents(invoice, lines, faults))
        for task in made:
            if isinstance(task, Return):
                _link(task, sales[task.customer] if task.customer else [])
        for task in made:
            if isinstance(task, Sale):
                task.left = [row.qty for row in task.rows]
                sales[task.customer].append(task)
        tasks += made
    return tasks, faults


def _documents(invoice: str, lines: list[Row], faults: list[Fault]) -> Iterator[Task]:
    kinds: dict[type[Task], list[Row]] = {Sale: [], Return: [], Adjustment: []}
    for row in lines:
        kind = _kind(row)
        if kind is None:
            faults.append(
                Fault(row.line, invoice, "a charge without a price cannot be written off", row.amount)
            )
        else:
            kinds[kind].append(row)
    number = 0
    for kind, found in kinds.items():
        most = MAX_ADJUSTED if kind is Adjustment else MAX_LINES
        for start in range(0, len(found), most):
            number += 1
            yield kind(
                invoice, invoice if number == 1 else f"{invoice}/{number}", found[start : start + most]
            )


def _kind(row: Row) -> type[Task] | None:
    """A cancelled line comes back, whatever its price; without a price and a cancellation it is stock that is gone."""
    if row.qty > 0:
        return Sale
    if row.price or row.is_cancellation:
        return Return
    return None if row.is_charge else Adjustment


def _link(task: Return, earlier: list[Sale]) -> None:
    """Find the newest earlier sale of the same customer that has all the lines at their prices."""
    wanted: Counter[Any] = Counter()
    for row in task.rows:
        wanted[row.key, row.price] -= row.qty
    for sale in reversed(earlier):
        parts = _parts(sale, wanted)
        if parts is not None:
            for place, qty in parts:
                sale.left[place] -= qty
            task.original, task.parts = sale, parts
            return


def _parts(sale: Sale, wanted: Counter[Any]) -> list[tuple[int, int]] | None:
    missing, parts = Counter(wanted), []
    for place, row in enumerate(sale.rows):
        qty = min(sale.left[place], missing[row.key, row.price])
        if qty > 0:
            parts.append((place, qty))
            missing[row.key, row.price] -= qty
    return parts if not any(missing.values()) else None
