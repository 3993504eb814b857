"""What a discount may be (POS-14 to POS-19)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any


def discount_faults(discount: Mapping[str, Any], unit: Decimal) -> Iterator[tuple[str, str, str]]:
    """Yield field, code and sentence of what is wrong; ``value`` is percent (10 is 10 %) or money."""
    value, is_percent = discount["value"], discount["type"] == "percent"
    if value < 0 or (is_percent and value > 100):
        yield "value", "discount_invalid", "A percentage is 0 to 100, an amount is not negative."
    if not is_percent and value % unit != 0:
        yield "value", "money_precision", "The currency has no such small unit."
    above = discount.get("requires_approval_above")
    if above is not None and (above < 0 or (is_percent and above > 1)):
        message = "A fraction from 0 to 1 for percentages, money that is not negative for amounts."
        yield "requires_approval_above", "discount_invalid", message
    starts, ends = discount.get("starts_on"), discount.get("ends_on")
    if starts and ends and ends < starts:
        yield "ends_on", "validation_failed", "It ends before it starts."
