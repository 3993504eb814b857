"""Cost of stock as a value pool per variant and location (INV-10 to INV-13, INV-15)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from lunarfront.kernel.money import ZERO, ratio, round_to

FOUR_PLACES = Decimal("0.0001")
NO_QTY = Decimal("0.000")


@dataclass(frozen=True)
class Pool:
    """A balance as it was locked. ``last_cost`` is the last average above zero stock, for sales below zero."""

    balance_id: UUID
    variant_id: UUID
    version: int
    qty: Decimal
    value: Decimal
    reserved: Decimal = NO_QTY
    last_cost: Decimal | None = None
    serialized: bool = False

    @property
    def available(self) -> Decimal:
        """On hand less reserved (INV-07)."""
        return self.qty - self.reserved

    def unit_cost(self, default_cost: Decimal | None) -> Decimal:
        """Average cost now; below or at zero the last known one, else the default cost, else zero (INV-11)."""
        if self.qty != 0 and self.value != 0:
            return abs(ratio(self.value, Decimal(1), self.qty))
        return self.last_cost if self.last_cost is not None else default_cost or Decimal(0)


@dataclass(frozen=True)
class Moved:
    """A movement: signed quantity and value, and the pool after it."""

    pool: Pool
    qty: Decimal
    value: Decimal
    provisional: bool = False


def issue(pool: Pool, qty: Decimal, unit: Decimal, default_cost: Decimal | None = None) -> Moved:
    """Take ``qty`` > 0 out of a pool.

    Within the stock the cost is the proportional part of the pool, and all of it with the last piece (INV-13).
    Below zero it is the last known average, provisional until the next receipt (INV-11).
    """
    if qty <= pool.qty:
        cost = pool.value if qty == pool.qty else round_to(ratio(pool.value, qty, pool.qty), unit)
        return Moved(_after(pool, -qty, -cost), -qty, -cost)
    cost = round_to(pool.unit_cost(default_cost) * qty, unit)
    return Moved(_after(pool, -qty, -cost), -qty, -cost, provisional=True)


@dataclass(frozen=True)
class Receipt:
    """A receipt's movement with the true-up of what was sold below zero (INV-11, JE-27)."""

    moved: Moved
    true_up: Decimal = ZERO


def receive(pool: Pool, qty: Decimal, value: Decimal, unit: Decimal) -> Receipt:
    """Put ``qty`` > 0 worth ``value`` into a pool.

    When the pool is below zero, the covered quantity is re-valued: the difference between what it cost now and
    what it was booked at leaves the pool as ``true_up`` (positive when goods were dearer).
    """
    covered = min(qty, max(-pool.qty, NO_QTY))
    if covered == 0:
        return Receipt(Moved(_after(pool, qty, value), qty, value))
    provisional = (
        -pool.value if covered == -pool.qty else round_to(ratio(-pool.value, covered, -pool.qty), unit)
    )
    true_up = round_to(ratio(value, covered, qty), unit) - provisional
    if pool.qty + qty == 0:
        true_up = pool.value + value
    return Receipt(Moved(_after(pool, qty, value - true_up), qty, value - true_up), true_up)


def put_back(pool: Pool, qty: Decimal, value: Decimal) -> Moved:
    """Return goods to the pool at the cost they left with (INV-15)."""
    if pool.qty + qty == 0:
        return Moved(_after(pool, qty, -pool.value), qty, -pool.value)
    return Moved(_after(pool, qty, value), qty, value)


def _after(pool: Pool, qty: Decimal, value: Decimal) -> Pool:
    new_qty, new_value = pool.qty + qty, pool.value + value
    average = (
        ratio(new_value, Decimal(1), new_qty).quantize(FOUR_PLACES) if new_qty > 0 and new_value > 0 else None
    )
    return replace(
        pool, qty=new_qty, value=new_value, last_cost=average if average is not None else _kept(pool)
    )


def _kept(pool: Pool) -> Decimal | None:
    """The average before the stock ran out stays known."""
    if pool.qty > 0 and pool.value > 0:
        return ratio(pool.value, Decimal(1), pool.qty).quantize(FOUR_PLACES)
    return pool.last_cost
