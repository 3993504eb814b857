"""Figures of X and Z reports as plain data: adding parts up, writing them as JSON, hiding cash (DRW-06, DRW-08)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel.money import ZERO

Part = dict[str, Any]
_AMOUNTS = ("subtotal", "discounts", "net", "tax", "tips", "fees", "total")
#: What tells how much cash was taken: hidden while a blind count is still to come.
_CASH_KINDS = frozenset({"sale", "refund"})


def _totals() -> Part:
    return {"count": 0} | dict.fromkeys(_AMOUNTS, ZERO)


def empty_part() -> Part:
    """Return the figures of a day on which nothing happened."""
    return {
        "sales": _totals(),
        "refunds": _totals(),
        "exchanges": _totals(),
        "rounding": ZERO,
        "gift_cards_sold": ZERO,
        "voids": {"count": 0, "total": ZERO},
        "taxes": [],
        "tenders": [],
        "movements": [],
        "users": [],
    }


def merged(parts: Iterable[Part]) -> Part:
    """Return the sum of parts: numbers are added, rows with the same words become one."""
    total = empty_part()
    for part in parts:
        total = _add(total, part)
    return total


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, dict):
        return {name: _add(left[name], right[name]) for name in left}
    if isinstance(left, list):
        return _add_rows(left, right)
    return left if isinstance(left, str) or left is None else left + right


def _add_rows(left: list[Part], right: list[Part]) -> list[Part]:
    rows: dict[tuple[Any, ...], Part] = {}
    for row in [*left, *right]:
        words = tuple(value for value in row.values() if isinstance(value, str))
        rows[words] = _add(rows[words], row) if words in rows else row
    return list(rows.values())


def plain(value: Any) -> Any:
    """Return figures as JSON holds them: amounts and ids as text, moments in UTC with ``Z``."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, date | UUID) else value


def without_cash(report: Part) -> Part:
    """Return a report that does not tell what should be in the drawer (DRW-08)."""
    cash = report["cash"] | {"sales": None, "refunds": None, "expected": None, "over_short": None}
    dates = [part_without_cash(part) for part in report["dates"]]
    return report | {"cash": cash, "totals": part_without_cash(report["totals"]), "dates": dates}


def part_without_cash(part: Part) -> Part:
    """Return figures in which cash tenders and movements of sales have no amounts."""
    tenders = [row | {"amount": None} if row["type"] == "cash" else row for row in part["tenders"]]
    movements = [row | {"amount": None} if row["kind"] in _CASH_KINDS else row for row in part["movements"]]
    return part | {"tenders": tenders, "movements": movements}
