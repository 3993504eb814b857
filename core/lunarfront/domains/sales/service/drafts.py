"""The cart that a pending transaction keeps: what the customer wants, as the client sent it."""

from collections.abc import Mapping
from typing import Any

from lunarfront.domains.sales.schemas import QuoteIn

Draft = dict[str, Any]

#: Parts of a request that are not kept with a pending cart.
_NOT_KEPT = (
    "approval",
    "complete",
    "expected_total",
    "client_uuid",
    "legacy_id",
    "legacy_source",
    "client_recorded_at",
)
_schema = QuoteIn(exclude=_NOT_KEPT)


def dump_draft(draft: Mapping[str, Any]) -> Draft:
    """Return the cart as JSON to keep."""
    dumped: Draft = _schema.dump(draft)
    return dumped


def load_draft(stored: Mapping[str, Any] | None) -> Draft:
    """Return the kept cart as ``QuoteIn`` loads it."""
    loaded: Draft = _schema.load(stored or {})
    return loaded
