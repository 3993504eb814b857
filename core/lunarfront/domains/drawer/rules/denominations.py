"""Notes and coins: which a currency has, and what a count of them is worth (DRW-04)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from lunarfront.kernel.faults import Faults
from lunarfront.kernel.money import CENT, ZERO, ZERO_DECIMAL_CURRENCIES
from lunarfront.kernel.problems import Problem

_GENERIC = "1000 500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01"
_GENERIC_WHOLE = "100000 50000 20000 10000 5000 2000 1000 500 200 100 50 20 10 5 2 1"
_PIECES: Mapping[str, str] = {
    "AUD": "100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    "CAD": "100 50 20 10 5 2 1 0.25 0.10 0.05",
    "CHF": "1000 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    "DKK": "1000 500 200 100 50 20 10 5 2 1 0.50",
    "EUR": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "GBP": "50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "JPY": "10000 5000 2000 1000 500 100 50 10 5 1",
    "MXN": "1000 500 200 100 50 20 10 5 2 1 0.50 0.20 0.10",
    "NOK": "1000 500 200 100 50 20 10 5 1",
    "NZD": "100 50 20 10 5 2 1 0.50 0.20 0.10",
    "PLN": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "SEK": "1000 500 200 100 50 20 10 5 2 1",
    "USD": "100 50 20 10 5 2 1 0.50 0.25 0.10 0.05 0.01",
}
MAX_PIECES = 1_000_000


def denominations(currency: str) -> Sequence[Decimal]:
    """Return the notes and coins of a currency, largest first; a series of 1-2-5 for those not listed."""
    generic = _GENERIC_WHOLE if currency in ZERO_DECIMAL_CURRENCIES else _GENERIC
    return [Decimal(piece).quantize(CENT) for piece in _PIECES.get(currency, generic).split()]


def checked_pieces(currency: str, given: Mapping[str, int]) -> dict[str, int]:
    """Return a count of pieces with canonical names, largest first, pieces that are not there left out.

    Raises:
        Problem: ``validation_failed`` for an unknown denomination, one that is named twice, or a count that is not
            whole or negative.
    """
    known, faults, found = set(denominations(currency)), Faults(), dict[Decimal, int]()
    for name, count in given.items():
        value = _value(name)
        field = f"denominations[{name[:20]}]"
        if value not in known:
            faults.add(field, "validation_failed", f"{currency} has no such note or coin.")
        elif value in found:
            faults.add(field, "validation_failed", "This note or coin is counted twice.")
        elif isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAX_PIECES:
            faults.add(field, "validation_failed", "A count is whole and not negative.")
        else:
            found[value] = count
    faults.raise_any()
    return {f"{value:.2f}": found[value] for value in sorted(found, reverse=True) if found[value]}


def _value(name: str) -> Decimal | None:
    try:
        return Decimal(name).quantize(CENT) if Decimal(name) == round(Decimal(name), 2) else None
    except (InvalidOperation, ValueError):
        return None


def worth(pieces: Mapping[str, int]) -> Decimal:
    """Return what counted pieces are worth."""
    return sum((Decimal(name) * count for name, count in pieces.items()), ZERO)


def counted_total(field: str, total: Decimal | None, pieces: Mapping[str, int] | None) -> Decimal:
    """Return the counted amount: the total, or the worth of the pieces; both must agree (DRW-04).

    Raises:
        Problem: ``denominations_mismatch``; ``validation_failed`` when neither is given.
    """
    if pieces is None and total is None:
        raise _refused(field, "validation_failed", "Count the notes and coins, or enter the total.")
    if pieces is None or total is None:
        return total if total is not None else worth(pieces or {})
    if worth(pieces) != total:
        raise _refused(
            field, "denominations_mismatch", f"Notes and coins add up to {worth(pieces)}, not to {total}."
        )
    return total


def _refused(field: str, code: str, sentence: str) -> Problem:
    faults = Faults()
    faults.add(field, code, sentence)
    return faults.problem()
