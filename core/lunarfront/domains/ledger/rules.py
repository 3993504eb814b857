"""Turning postings into a balanced entry (ACC-02 to ACC-04). Pure: roles in, lines out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel.money import ZERO


@dataclass(frozen=True)
class Posting:
    """One amount on one account role: positive is a debit, negative a credit; company currency."""

    role: str
    amount: Decimal
    location_id: UUID
    account_id: UUID | None = None
    supplier_id: UUID | None = None
    tax_component_id: UUID | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What an entry has one line of (ACC-04)."""
        return (self.role, self.location_id, self.account_id, self.supplier_id, self.tax_component_id)


@dataclass(frozen=True)
class Event:
    """A financial event of one flow: what happened, where it comes from, and the postings of its rule."""

    event_type: str
    source_type: str
    source_id: UUID
    business_date: date
    postings: tuple[Posting, ...]
    memo: str = ""
    payload: dict[str, Any] | None = None
    reverses_id: UUID | None = None
    approval_id: UUID | None = None

    @property
    def idempotency_key(self) -> str:
        """One entry per event (ACC-02)."""
        return f"{self.event_type}:{self.source_id}"


class UnbalancedError(RuntimeError):
    """The postings of an event do not balance: a fault of a rule, never repaired by a rounding line (ACC-03)."""


def debit(role: str, amount: Decimal, location_id: UUID, **party: Any) -> Posting:
    """Return a debit of ``amount`` (a negative amount is a credit)."""
    return Posting(role, amount, location_id, **party)


def credit(role: str, amount: Decimal, location_id: UUID, **party: Any) -> Posting:
    """Return a credit of ``amount`` (a negative amount is a debit)."""
    return Posting(role, -amount, location_id, **party)


def net_lines(postings: Iterable[Posting]) -> list[Posting]:
    """Return one posting per account, location, party and component, zero ones dropped (ACC-04).

    Raises:
        UnbalancedError: debits and credits differ.
    """
    sums: dict[tuple[Any, ...], Posting] = {}
    for posting in postings:
        before = sums.get(posting.key)
        amount = posting.amount + (before.amount if before else ZERO)
        sums[posting.key] = Posting(posting.role, amount, *posting.key[1:])
    lines = [posting for posting in sums.values() if posting.amount != 0]
    if sum((line.amount for line in lines), ZERO) != 0:
        raise UnbalancedError(f"debits and credits differ by {sum(line.amount for line in lines)}")
    return sorted(lines, key=lambda line: line.amount < 0)


def total_debits(lines: Sequence[Posting]) -> Decimal:
    """Return the sum of the debits."""
    return sum((line.amount for line in lines if line.amount > 0), ZERO)
