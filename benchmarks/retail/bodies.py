"""What is sent for each document of the plan."""

import uuid
from decimal import Decimal
from typing import Any

from retail.catalogue import Item
from retail.plan import Adjustment, Return, Sale, Task
from retail.rows import Row
from retail.shop import SOURCE, Shop

OVERRIDE, CANCELLED = "negotiated", "cancelled"
MAX_NOTE = 300
#: Words in the note of a written-off line, and the reason that they mean.
REASONS = {
    "damaged": ("damag", "smash", "broken", "crush", "crack", "wet", "rust", "mould", "faulty", "unsaleable"),
    "lost": ("lost", "missing", "stolen"),
    "found": ("found",),
}


class Bodies:
    """Makes request bodies for a shop."""

    def __init__(self, shop: Shop, items: dict[str, Item]) -> None:
        self.shop, self.items = shop, items

    def client_uuid(self, task: Task) -> str:
        """UUIDv5 of company and invoice number: the same invoice is never rung up twice (POS-01)."""
        return str(uuid.uuid5(self.shop.company_id, task.legacy_id))

    def sale(self, task: Sale) -> dict[str, Any]:
        """Return a whole sale (POS-48)."""
        return self._head(task) | {
            "lines": [self._sale_line(row) for row in task.rows],
            "tenders": _tenders(task, task.amount),
            "expected_total": f"{task.amount:.2f}",
            "complete": True,
        }

    def refund(self, task: Return, original: Sale) -> dict[str, Any]:
        """Return a refund of lines of a sale: the money goes back the way it came (RET-07)."""
        body = self._head(task)
        del body["account_id"]
        lines = [
            {"line_id": original.line_ids[place], "qty": str(qty), "reason_code": CANCELLED}
            for place, qty in task.parts
        ]
        return body | {"lines": lines}

    def refund_without_receipt(self, task: Return) -> dict[str, Any]:
        """Return a refund at the entered prices (RET-11)."""
        lines = [
            {
                "variant_id": self.shop.variants[row.key],
                "qty": str(-row.qty),
                "unit_price": f"{row.price:.2f}",
                "reason_code": CANCELLED,
            }
            for row in task.rows
        ]
        body = self._head(task) | {"lines": lines}
        tenders = _tenders(task, -task.amount)
        return body | ({"tenders": tenders} if tenders else {})

    def adjustment(self, task: Adjustment) -> dict[str, Any]:
        """Return a stock adjustment with its reason (INV-20)."""
        note = "; ".join(dict.fromkeys(row.description for row in task.rows if row.description))[:MAX_NOTE]
        head = self._head(task)
        del head["account_id"]
        lines = [{"variant_id": self.shop.variants[row.key], "qty": str(row.qty)} for row in task.rows]
        return head | {"reason_code": reason_of(note), "lines": lines} | ({"note": note} if note else {})

    def _head(self, task: Task) -> dict[str, Any]:
        return {
            "client_uuid": self.client_uuid(task),
            "account_id": self.shop.accounts.get(task.customer),
            "legacy_id": task.legacy_id,
            "legacy_source": SOURCE,
        }

    def _sale_line(self, row: Row) -> dict[str, Any]:
        item = self.items[row.key]
        line: dict[str, Any] = {"variant_id": self.shop.variants[row.key], "qty": str(row.qty)}
        if row.price != item.price:
            line["unit_price"] = f"{row.price:.2f}"
            if item.price:
                line["reason_code"] = OVERRIDE
        if row.description and row.description != item.name:
            line["description"] = row.description[:MAX_NOTE]
        return line


def reason_of(note: str) -> str:
    """Return the reason of an adjustment that its note tells of."""
    said = note.lower()
    return next((code for code, words in REASONS.items() if any(w in said for w in words)), "correction")


def _tenders(task: Task, amount: Decimal) -> list[dict[str, str]]:
    """Known customers pay by card, with the invoice number on the slip (POS-49); others in cash."""
    if not amount:
        return []
    if task.customer:
        return [{"type": "card", "amount": f"{amount:.2f}", "reference": task.invoice}]
    return [{"type": "cash", "tendered": f"{amount:.2f}"}]
