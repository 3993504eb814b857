"""Journal rules of the drawer: balanced postings (JE-19, JE-21, JE-24). Pure."""

from decimal import Decimal
from uuid import UUID

from lunarfront.domains.ledger.rules import Posting, credit, debit

#: Kind of a movement to the account on its other side; paid in and paid out may name another one.
CONTRA_ROLES = {
    "float": "cash_safe",
    "paid_in": "cash_safe",
    "paid_out": "supplies",
    "drop": "cash_safe",
    "close_drop": "cash_safe",
    "tip_payout": "tips",
}
#: Kinds that bring cash into the drawer.
_INCOMING = frozenset({"float", "paid_in"})


def cash_role(*, is_mobile: bool) -> str:
    """Return the account role of a drawer's cash: a mobile location has its own."""
    return "cash_drawer_mobile" if is_mobile else "cash_drawer"


def movement_postings(
    kind: str, amount: Decimal, cash: str, contra: str, location_id: UUID
) -> tuple[Posting, ...]:
    """Cash in: Dr drawer / Cr other side; cash out: the reverse (JE-24, JE-19)."""
    signed = amount if kind in _INCOMING else -amount
    return debit(cash, signed, location_id), credit(contra, signed, location_id)


def variance_postings(over_short: Decimal, cash: str, location_id: UUID) -> tuple[Posting, ...]:
    """Short: Dr over/short / Cr drawer; over: the reverse (JE-21)."""
    return debit(cash, over_short, location_id), credit("over_short", over_short, location_id)
