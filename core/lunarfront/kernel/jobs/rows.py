"""The statements on outbox rows: who may take one, and what is written when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, update

from lunarfront.kernel.records import JobOutbox
from lunarfront.kernel.uow import UnitOfWork

#: A lease outlives the time limit of its work by this much.
LEASE_GRACE_SECONDS = 60
#: How long a second delivery waits for whoever holds the row before it leaves.
PATIENCE = "2s"

OPEN = and_(JobOutbox.done_at.is_(None), JobOutbox.failed_at.is_(None), JobOutbox.parked_at.is_(None))
DUE = JobOutbox.run_at <= func.now()
#: Leases of the queue name the queue's epoch; a lease without one is a worker that talks to the outside now.
UNCLAIMED = or_(
    JobOutbox.lease_until.is_(None), JobOutbox.lease_until < func.now(), JobOutbox.lease_epoch.is_not(None)
)
UNLEASED = or_(JobOutbox.lease_until.is_(None), JobOutbox.lease_until < func.now())


@dataclass(frozen=True)
class Work:
    """An outbox row as taken; ``attempts`` counts tries begun before this one."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    request_id: str | None
    attempts: int
    dedupe_key: str | None


_COLUMNS = (
    JobOutbox.id,
    JobOutbox.kind,
    JobOutbox.payload,
    JobOutbox.request_id,
    JobOutbox.attempts,
    JobOutbox.dedupe_key,
)


def lease_of(timeout: int) -> timedelta:
    """Return how long a row is left alone that was given to a worker."""
    return timedelta(seconds=timeout + LEASE_GRACE_SECONDS)


def take(uow: UnitOfWork, job_id: UUID) -> Work | None:
    """Lock one row if it is due and nobody works on it; None otherwise.

    A holder that lets go within two seconds (the dispatcher, just before its commit) is waited for.
    """
    wanted = select(*_COLUMNS).where(JobOutbox.id == job_id, OPEN, DUE, UNCLAIMED)
    found = _first(uow, wanted.with_for_update(skip_locked=True))
    if found is None and uow.session.execute(wanted).first() is not None:
        uow.session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
        found = _first(uow, wanted.with_for_update())
        uow.session.execute(text("SET LOCAL lock_timeout = DEFAULT"))
    return found


def take_next(uow: UnitOfWork, queue: str) -> Work | None:
    """Lock the row of a queue that is due longest; None when there is none that nobody works on."""
    wanted = select(*_COLUMNS).where(JobOutbox.queue == queue, OPEN, DUE, UNCLAIMED)
    return _first(uow, wanted.order_by(JobOutbox.run_at).limit(1).with_for_update(skip_locked=True))


def retake(uow: UnitOfWork, job_id: UUID) -> bool:
    """Lock a row that this worker has claimed; False when somebody else has ended it meanwhile."""
    wanted = select(JobOutbox.id).where(JobOutbox.id == job_id, OPEN).with_for_update()
    return uow.session.execute(wanted).first() is not None


def claim(uow: UnitOfWork, work: Work, timeout: int) -> None:
    """Count the try, keep others away for as long as it may take, and free the key of ``dedupe``."""
    _update(
        uow,
        JobOutbox.id == work.id,
        attempts=work.attempts + 1,
        dedupe_key=None,
        lease_epoch=None,
        lease_until=func.now() + lease_of(timeout),
    )


def finish(uow: UnitOfWork, job_id: UUID) -> None:
    """Note that the work is done."""
    _update(uow, JobOutbox.id == job_id, done_at=func.clock_timestamp(), lease_until=None, error=None)


def postpone(uow: UnitOfWork, job_id: UUID, attempts: int, delay: timedelta, error: str) -> None:
    """Note a failed try and when the next one is due."""
    values = {"attempts": attempts, "run_at": func.now() + delay, "error": error}
    _update(uow, and_(JobOutbox.id == job_id, OPEN), lease_until=None, lease_epoch=None, **values)


def give_up(uow: UnitOfWork, job_id: UUID, attempts: int, error: str) -> None:
    """Put the work on the failed list."""
    values = {"attempts": attempts, "failed_at": func.now(), "error": error, "dedupe_key": None}
    _update(uow, and_(JobOutbox.id == job_id, OPEN), lease_until=None, lease_epoch=None, **values)


def _update(uow: UnitOfWork, where: ColumnElement[bool], **values: Any) -> None:
    statement = update(JobOutbox).where(where).values(**values)
    uow.session.execute(statement.execution_options(synchronize_session=False))


def _first(uow: UnitOfWork, statement: Select[Any]) -> Work | None:
    row = uow.session.execute(statement).first()
    return Work(*row) if row else None
