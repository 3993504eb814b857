"""The cart that a pending transaction keeps: what the customer wants, as JSON without anything computed."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

Draft = dict[str, Any]

_CART = (
    "account_id",
    "member_id",
    "sold_by_id",
    "use_exemption",
    "exact_cash",
    "lines",
    "discounts",
    "tenders",
)
#: What the text of a kept value is read as; every other value is kept as it is.
_READ: Mapping[str, Callable[[str], Any]] = {
    "account_id": UUID,
    "member_id": UUID,
    "sold_by_id": UUID,
    "variant_id": UUID,
    "unit_id": UUID,
    "qty": Decimal,
    "unit_price": Decimal,
    "value": Decimal,
    "amount": Decimal,
    "tendered": Decimal,
}


def dump_draft(draft: Mapping[str, Any]) -> Draft:
    """Return the parts of a cart that are kept, as JSON."""
    return {name: _plain(draft[name]) for name in _CART if name in draft}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, UUID | Decimal) else value


def load_draft(stored: Mapping[str, Any] | None) -> Draft:
    """Return the kept cart as a request brings it."""
    empty: Draft = {"lines": [], "discounts": [], "tenders": [], "use_exemption": True, "exact_cash": False}
    return empty | {name: _typed(name, value) for name, value in (stored or {}).items()}


def _typed(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {inner: _typed(inner, kept) for inner, kept in value.items()}
    if isinstance(value, list):
        return [_typed(name, kept) for kept in value]
    return _READ[name](value) if name in _READ and isinstance(value, str) else value
