"""The sealer: numbers and chains committed rows, without any lock that a sale could wait for (AUD-04, ACC-23).

A row is taken once its transaction id is below the snapshot's xmin: then every older transaction has ended, and no
later commit can come before it. One sealer at a time works on a chain; others leave at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Text, cast, delete, func, literal, select

from lunarfront.kernel.core import Core
from lunarfront.kernel.records import SealPending, TransactionId
from lunarfront.kernel.seals.chain import GENESIS, Head, link
from lunarfront.kernel.seals.sealable import Sealable, sealables
from lunarfront.kernel.uow import UnitOfWork

log = structlog.get_logger(__name__)
CHUNK = 500
#: How long a call on demand waits for older transactions to end.
MAX_WAIT_SECONDS = 5
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class SealOutcome:
    """Rows sealed by a call, and rows that were committed before it and are still unsealed."""

    sealed: int
    left: int


def seal_company(
    core: Core, company_id: UUID, wait: int = MAX_WAIT_SECONDS, *, restored: bool = False
) -> SealOutcome:
    """Seal what was committed before this call (for verify, Z report, exports, period close and backup).

    Args:
        core: the process's services; transactions of their own are used, so call it before writing anything.
        company_id: the company.
        wait: seconds to wait for older transactions that are still open.
        restored: the rows come from another server, whose transaction ids mean nothing here: take them all.
    """
    deadline = monotonic() + min(wait, MAX_WAIT_SECONDS)
    sealed = left = 0
    for chain in sealables():
        newest = _newest_pending(core, company_id, chain)
        while newest is not None:
            sealed += seal_once(core, company_id, chain, restored=restored)
            remaining = _count_pending(core, company_id, chain, newest)
            if remaining == 0 or monotonic() >= deadline:
                left += remaining
                break
            Event().wait(LOOK_AGAIN_SECONDS)
    return SealOutcome(sealed, left)


def seal_once(core: Core, company_id: UUID, chain: Sealable, *, restored: bool = False) -> int:
    """Seal all rows of a chain that can be sealed now, in chunks of one transaction each; return how many."""
    sealed = 0
    while True:
        with core.unit_of_work(company_id) as uow:
            done = _seal_chunk(uow, chain, core, restored)
            uow.commit()
        sealed += done
        if done < CHUNK:
            return sealed


def _seal_chunk(uow: UnitOfWork, chain: Sealable, core: Core, restored: bool) -> int:
    if not _lock(uow, chain):
        return 0
    pending = _sealable_now(uow, chain, restored)
    rows = chain.load(uow, [item.row_id for item in pending]) if pending else {}
    missing = [item.row_id for item in pending if item.row_id not in rows]
    if missing:
        log.error("seal.row_missing", chain=chain.kind, row_ids=[str(row_id) for row_id in missing])
    present = [item for item in pending if item.row_id in rows]
    _write_links(uow, chain, [(item.row_id, rows[item.row_id]) for item in present], core)
    _forget(uow, [item.id for item in present])
    return len(present)


def _lock(uow: UnitOfWork, chain: Sealable) -> bool:
    key = func.hashtextextended(f"seal {chain.kind} {uow.company_id}", 0)
    return bool(uow.session.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one())


def _sealable_now(uow: UnitOfWork, chain: Sealable, restored: bool) -> Sequence[Any]:
    wanted = select(SealPending.id, SealPending.row_id).where(SealPending.kind == chain.kind)
    if not restored:
        wanted = wanted.where(SealPending.xact_id < func.pg_snapshot_xmin(func.pg_current_snapshot()))
    return uow.session.execute(wanted.order_by(SealPending.xact_id, SealPending.row_id).limit(CHUNK)).all()


def last_link(uow: UnitOfWork, chain: Sealable) -> Head | None:
    """Return the head of a chain, None before the first link."""
    wanted = select(chain.number, chain.seal.__table__.c.hash).order_by(chain.number.desc()).limit(1)
    row = uow.session.execute(wanted.where(chain.seal.company_id == uow.company_id)).first()
    return Head(*row) if row else None


def _write_links(
    uow: UnitOfWork, chain: Sealable, rows: Sequence[tuple[UUID, dict[str, Any]]], core: Core
) -> None:
    head = last_link(uow, chain) or Head(0, GENESIS)
    number, previous, now = head.number, head.hash, core.clock()
    for row_id, row in rows:
        number += 1
        made = link(row | {chain.number_key: number}, previous)
        keys = {chain.row_key: row_id, chain.number_key: number}
        uow.add(
            chain.seal,
            **keys,
            row_hash=made.row_hash,
            prev_hash=made.prev_hash,
            hash=made.hash,
            sealed_at=now,
        )
        previous = made.hash
    uow.flush()


def _forget(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    if ids:
        uow.session.execute(
            delete(SealPending).where(SealPending.id.in_(ids)).execution_options(synchronize_session=False)
        )


def _newest_pending(core: Core, company_id: UUID, chain: Sealable) -> str | None:
    wanted = select(cast(SealPending.xact_id, Text)).where(SealPending.kind == chain.kind)
    with core.unit_of_work(company_id) as uow:
        return uow.session.execute(wanted.order_by(SealPending.xact_id.desc()).limit(1)).scalar()


def _count_pending(core: Core, company_id: UUID, chain: Sealable, newest: str) -> int:
    is_older = SealPending.xact_id <= cast(literal(newest, Text), TransactionId)
    wanted = select(func.count()).select_from(SealPending).where(SealPending.kind == chain.kind, is_older)
    with core.unit_of_work(company_id) as uow:
        return uow.session.execute(wanted).scalar_one()
