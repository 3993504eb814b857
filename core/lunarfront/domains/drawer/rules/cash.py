"""What should be in a drawer, and by how much a count differs (DRW-02, DRW-05, DRW-07, DRW-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from lunarfront.kernel.money import ZERO

#: Kind of a movement to its sign. A no-sale moves nothing; the close drop is taken out of what was counted.
SIGNS: Mapping[str, int] = {
    "sale": 1,
    "refund": -1,
    "paid_in": 1,
    "paid_out": -1,
    "tip_payout": -1,
    "drop": -1,
    "float": 1,
    "no_sale": 0,
    "close_drop": 0,
}
#: Kinds that people record; the others follow from sales, refunds and the close.
RECORDED_KINDS = ("paid_in", "paid_out", "drop", "float", "tip_payout", "no_sale")
MAX_COUNTS = 2
LONGEST_SHIFT = timedelta(hours=24)


def expected_cash(opening_float: Decimal, moved: Mapping[str, Decimal]) -> Decimal:
    """Return what should be in the drawer: the one formula of X report, Z report and close (DRW-05).

    Args:
        opening_float: the cash counted at opening.
        moved: kind to the sum of its movements, all positive.
    """
    return opening_float + sum((SIGNS[kind] * amount for kind, amount in moved.items()), ZERO)


@dataclass(frozen=True)
class Opening:
    """A counted float against what the last close left (DRW-02)."""

    counted: Decimal
    left_before: Decimal
    from_safe: Decimal

    @property
    def variance(self) -> Decimal:
        """What is neither explained by the last close nor by cash brought from the safe; positive is over."""
        return self.counted - self.left_before - self.from_safe


def opening_of(
    counted: Decimal,
    left_before: Decimal,
    default_float: Decimal,
    *,
    is_first: bool,
    from_safe: Decimal | None,
) -> Opening:
    """Split a counted float into what was left, what came from the safe, and the difference (DRW-02).

    When nobody says how much came from the safe: what is there beyond the amount left, up to the drawer's default
    float. A drawer that was never closed is filled from the safe altogether. Less than was left is always a
    difference, and so is more than the default float.
    """
    if from_safe is None:
        stood_there = max(left_before, ZERO)  # below zero only on paper, after a close without a count
        surplus = max(counted - stood_there, ZERO)
        from_safe = surplus if is_first else min(surplus, max(default_float - stood_there, ZERO))
    return Opening(counted, left_before, from_safe)


def shift_warnings(opened_at: datetime, opened_on: date, now: datetime, today: date) -> list[str]:
    """Return what is unusual about a drawer that is open (DRW-12): a long shift, another business date."""
    warnings = []
    if now - opened_at > LONGEST_SHIFT:
        warnings.append("open_over_24_hours")
    if today != opened_on:
        warnings.append("business_date_changed")
    return warnings
