"""Notes and coins of a currency, largest first, as they are counted and as a customer hands them over (DRW-04)."""

from decimal import Decimal

_GENERIC = "100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01"
_PIECES = {
    "USD": "100 50 20 10 5 2 1 0.50 0.25 0.10 0.05 0.01",
    "CAD": "100 50 20 10 5 2 1 0.25 0.10 0.05",
    "EUR": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "GBP": "50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "AUD": "100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
}
_RARE = {"USD": {Decimal("2.00"), Decimal("0.50")}}


def denominations(currency: str) -> list[str]:
    """Return all pieces as canonical amounts."""
    return [f"{Decimal(piece):.2f}" for piece in _PIECES.get(currency, _GENERIC).split()]


def notes(currency: str) -> list[str]:
    """Return the pieces of at least one unit that people usually pay with, smallest first."""
    rare = _RARE.get(currency, set())
    return [
        piece
        for piece in reversed(denominations(currency))
        if Decimal(piece) >= 1 and Decimal(piece) not in rare
    ]
