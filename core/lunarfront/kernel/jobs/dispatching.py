"""From the outbox to the queues: due rows get a lease and go out, never more than a window (runtime.md §5)."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from lunarfront.kernel.core import Core
from lunarfront.kernel.jobs import companies
from lunarfront.kernel.jobs.queues import Delivery, JobQueues
from lunarfront.kernel.jobs.registry import QUEUES, TRANSACTION_SECONDS, kind_named
from lunarfront.kernel.jobs.rows import DUE, OPEN, UNLEASED, lease_of
from lunarfront.kernel.records import JobOutbox
from lunarfront.kernel.uow import UnitOfWork


class Sender:
    """Sends due rows out. Any number may run at a time."""

    def __init__(self, core: Core, queues: JobQueues) -> None:
        self.core, self.queues = core, queues
        self._epoch: str | None = None
        self._turn = 0

    def send_due(self) -> int:
        """Put due rows on the queues; return how many."""
        epoch = self.queues.epoch()
        if epoch != self._epoch:
            self._void_leases(epoch)
            self._epoch = epoch
        due = self._in_turn(companies.with_due_jobs(self.core))
        if not due:
            return 0
        room = {queue: self.queues.room(self.queues.target(queue)) for queue in QUEUES}
        return sum(
            self._send_company(company, room, len(due) - place, epoch) for place, company in enumerate(due)
        )

    def _in_turn(self, found: Sequence[UUID]) -> Sequence[UUID]:
        """Begin with another company each time, so that one with much work does not keep the others waiting."""
        self._turn += 1
        start = self._turn % len(found) if found else 0
        return [*found[start:], *found[:start]]

    def _send_company(self, company_id: UUID, room: dict[str, int], companies_left: int, epoch: str) -> int:
        sent = 0
        with self.core.unit_of_work(company_id) as uow:
            for queue in QUEUES:
                share = -(-room[queue] // companies_left)
                rows = _lock_due(uow, queue, share) if share > 0 else []
                self._send(uow, queue, rows, epoch)
                room[queue] -= len(rows)
                sent += len(rows)
            uow.commit()
        return sent

    def _send(self, uow: UnitOfWork, queue: str, rows: Sequence[Any], epoch: str) -> None:
        """Push before the lease is committed: a crash in between sends a row twice, which does no harm."""
        deliveries = [Delivery(uow.company_id, row.id, row.kind, _timeout(row.kind)) for row in rows]
        for timeout, group in groupby(
            sorted(deliveries, key=lambda item: item.timeout), lambda item: item.timeout
        ):
            _lease(uow, [item.job_id for item in group], timeout, epoch)
        if deliveries:
            self.queues.push(self.queues.target(queue), deliveries)

    def _void_leases(self, epoch: str) -> None:
        """The queue lost its memory, or we do not know: what it had is sent again."""
        is_stale = JobOutbox.lease_epoch.is_not(None) & (JobOutbox.lease_epoch != epoch)
        for company_id in companies.all_companies(self.core):
            with self.core.unit_of_work(company_id) as uow:
                statement = update(JobOutbox).where(OPEN, is_stale).values(lease_until=None, lease_epoch=None)
                uow.session.execute(statement.execution_options(synchronize_session=False))
                uow.commit()


def _lock_due(uow: UnitOfWork, queue: str, limit: int) -> Sequence[Any]:
    wanted = select(JobOutbox.id, JobOutbox.kind).where(JobOutbox.queue == queue, OPEN, DUE, UNLEASED)
    wanted = wanted.order_by(JobOutbox.run_at).limit(limit).with_for_update(skip_locked=True)
    return uow.session.execute(wanted).all()


def _timeout(kind: str) -> int:
    known = kind_named(kind)
    return known.timeout if known else TRANSACTION_SECONDS


def _lease(uow: UnitOfWork, ids: Sequence[UUID], timeout: int, epoch: str) -> None:
    statement = update(JobOutbox).where(JobOutbox.id.in_(ids))
    statement = statement.values(lease_until=func.now() + lease_of(timeout), lease_epoch=epoch)
    uow.session.execute(statement.execution_options(synchronize_session=False))
