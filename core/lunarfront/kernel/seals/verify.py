"""Verification: every link against the row as it stands now (AUD-04, security.md §9 threat 23)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from lunarfront.kernel.core import Core
from lunarfront.kernel.seals.chain import GENESIS, Head, link
from lunarfront.kernel.seals.sealable import Sealable, sealables
from lunarfront.kernel.seals.sealer import MAX_WAIT_SECONDS, last_link, seal_company
from lunarfront.kernel.uow import UnitOfWork

CHUNK = 1000
#: A committed row older than this without a seal is a fault: the sealer stands still, or its mark was removed.
OVERDUE = timedelta(seconds=60)


@dataclass(frozen=True)
class Verification:
    """What a check of one chain found; ``broken`` is the first bad number, ``reason`` says what is wrong there."""

    kind: str
    head: Head | None
    broken: int | None
    reason: str | None
    overdue: int

    @property
    def ok(self) -> bool:
        """Whether the chain is whole and nothing waits for its seal too long."""
        return self.broken is None and self.overdue == 0

    @property
    def summary(self) -> str:
        """One sentence for an operator."""
        if self.broken is not None:
            return f"{self.kind}: broken at {self.broken}: {self.reason}"
        if self.overdue:
            return f"{self.kind}: {self.overdue} rows have waited for their seal for over a minute"
        return f"{self.kind}: whole, head {self.head or 'none yet'}"


def verify_company(
    core: Core,
    company_id: UUID,
    wait: int = MAX_WAIT_SECONDS,
    expected: Mapping[str, Head] | None = None,
) -> list[Verification]:
    """Seal what is open, then check every chain of a company from its first link.

    Args:
        core: the process's services.
        company_id: the company.
        wait: seconds to wait for open transactions before sealing.
        expected: kind to a head kept outside; a chain that does not contain it was cut or rewritten.
    """
    seal_company(core, company_id, wait)
    return [_verify(core, company_id, chain, (expected or {}).get(chain.kind)) for chain in sealables()]


def head(uow: UnitOfWork, kind: str = "audit") -> Head | None:
    """Return the head of a company's chain, to be printed outside (SEC-14)."""
    return last_link(uow, next(chain for chain in sealables() if chain.kind == kind))


def overdue(uow: UnitOfWork, chain: Sealable) -> int:
    """Return how many rows have waited for their seal for more than a minute."""
    is_sealed = exists().where(
        chain.seal.company_id == chain.source.company_id, chain.row_id == chain.source.id
    )
    wanted = select(func.count()).select_from(chain.source)
    old = chain.source.created_at < func.now() - OVERDUE
    return uow.session.execute(
        wanted.where(chain.source.company_id == uow.company_id, old, ~is_sealed)
    ).scalar_one()


def _verify(core: Core, company_id: UUID, chain: Sealable, expected: Head | None) -> Verification:
    last, seen = Head(0, GENESIS), expected is None
    for number, fault, digest in _links(core, company_id, chain):
        if not fault and expected and number == expected.number:
            seen = digest == expected.hash
            fault = "" if seen else "the link is not the one that was printed"
        if fault:
            return _found(core, company_id, chain, last, number, fault)
        last = Head(number, digest)
    if not seen:
        return _found(core, company_id, chain, last, last.number + 1, "links that were printed are gone")
    return _found(core, company_id, chain, last, None, None)


def _found(
    core: Core, company_id: UUID, chain: Sealable, last: Head, broken: int | None, reason: str | None
) -> Verification:
    with core.unit_of_work(company_id) as uow:
        late = overdue(uow, chain)
    return Verification(chain.kind, last if last.number else None, broken, reason, late)


def _links(core: Core, company_id: UUID, chain: Sealable) -> Iterator[tuple[int, str, bytes]]:
    """Yield number, fault (empty when whole) and hash of each link in order; short transactions."""
    number, previous = 0, GENESIS
    while True:
        with core.unit_of_work(company_id) as uow:
            seals = _seals_after(uow, chain, number)
            rows = chain.load(uow, [seal.row_id for seal in seals]) if seals else {}
        for seal in seals:
            number += 1
            yield number, _fault(seal, number, previous, rows.get(seal.row_id), chain), seal.hash
            previous = seal.hash
        if len(seals) < CHUNK:
            return


def _seals_after(uow: UnitOfWork, chain: Sealable, number: int) -> list[Any]:
    table = chain.seal.__table__.c
    wanted = select(
        chain.number.label("number"),
        chain.row_id.label("row_id"),
        table.row_hash,
        table.prev_hash,
        table.hash,
    ).where(chain.seal.company_id == uow.company_id, chain.number > number)
    return list(uow.session.execute(wanted.order_by(chain.number).limit(CHUNK)))


def _fault(seal: Any, number: int, previous: bytes, row: dict[str, Any] | None, chain: Sealable) -> str:
    if seal.number != number:
        return "this number is missing"
    if row is None:
        return "the row is gone"
    made = link(row | {chain.number_key: number}, previous)
    if made.row_hash != seal.row_hash:
        return "the row was changed"
    if previous != seal.prev_hash or made.hash != seal.hash:
        return "the link does not follow the one before"
    return ""
