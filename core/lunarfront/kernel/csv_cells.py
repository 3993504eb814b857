"""Cells of CSV exports: no text becomes a formula, and a round trip is exact (SEC-52)."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def write_cell(value: Any) -> str:
    """Return a value as the text of a cell.

    Text that a spreadsheet would run gets a leading apostrophe. Numbers and moments that we format are left as
    they are; nothing is written for None.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def read_cell(text: str) -> str:
    """Return the text that ``write_cell`` wrote: one such apostrophe is taken off."""
    return text[1:] if _ESCAPED.match(text) else text
