"""Running one piece of work, once in effect (runtime.md §5, SEC-72).

Inside: row lock, handler and ``done_at`` are one transaction, so a second delivery finds nothing to do.
Outside: claim and commit, call, then result and ``done_at`` in a second transaction.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from lunarfront.kernel.api.db_errors import sqlstate
from lunarfront.kernel.core import Core
from lunarfront.kernel.jobs import rows
from lunarfront.kernel.jobs.ending import drop
from lunarfront.kernel.jobs.external import ExternalCall, context_of_work
from lunarfront.kernel.jobs.registry import JobKind, kind_named
from lunarfront.kernel.jobs.retries import MAX_TRIES, GiveUp, error_text, is_final, retry_delay
from lunarfront.kernel.jobs.rows import Work
from lunarfront.kernel.metrics import observe_job
from lunarfront.kernel.uow import UnitOfWork

log = structlog.get_logger(__name__)
LOCK_NOT_AVAILABLE = "55P03"

#: Sets the time limit of a handler, in seconds; rq sets its own.
Limit = Callable[[int], AbstractContextManager[object]]


def no_limit(_seconds: int) -> AbstractContextManager[object]:
    """Leave the time limit to whoever calls."""
    return nullcontext()


class Outcome(StrEnum):
    """How a delivery ended; ``nothing``: somebody else does it, has done it, or it is not due."""

    DONE = "done"
    FAILED = "failed"
    NOTHING = "nothing"


def run_job(core: Core, company_id: UUID, job_id: UUID) -> Outcome:
    """Run a delivered piece of work, if it is still there to be done."""
    try:
        return _run(core, company_id, lambda uow: rows.take(uow, job_id))
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        return Outcome.NOTHING


def run_next(core: Core, company_id: UUID, queue: str, limit: Limit = no_limit) -> Outcome:
    """Run the work of a queue that is due longest in a company."""
    return _run(core, company_id, lambda uow: rows.take_next(uow, queue), limit)


def record_failure(core: Core, company_id: UUID, job_id: UUID, tries: int, error: BaseException) -> None:
    """Write a failed try in a transaction of its own: back-off, or the failed list after eight."""
    with core.unit_of_work(company_id) as uow:
        _write_failure(uow, job_id, tries, error)
        uow.commit()


def _run(
    core: Core, company_id: UUID, take: Callable[[UnitOfWork], Work | None], limit: Limit = no_limit
) -> Outcome:
    with core.unit_of_work(company_id) as uow:
        work = take(uow)
        if work is None:
            return Outcome.NOTHING
        kind = kind_named(work.kind)
        with structlog.contextvars.bound_contextvars(
            request_id=work.request_id,
            job_id=str(work.id),
            company_id=str(company_id),
            kind=work.kind,
            module=kind.module if kind else None,
        ):
            return _Try(core, uow, work, limit).run()


class _Try:
    """One try of one piece of work."""

    def __init__(self, core: Core, uow: UnitOfWork, work: Work, limit: Limit) -> None:
        self.core, self.uow, self.work, self.limit = core, uow, work, limit
        self.tries = work.attempts + 1

    def run(self) -> Outcome:
        started = monotonic()
        outcome = self._run()
        seconds = monotonic() - started
        log.info("job.ended", outcome=outcome, ms=round(seconds * 1000, 1), attempt=self.tries)
        observe_job(self.work.kind if kind_named(self.work.kind) else "unknown", outcome, seconds)
        return outcome

    def _run(self) -> Outcome:
        try:
            kind = self._kind()
            with self.limit(kind.timeout):
                self._call(kind)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is a failed try
            self._fail(error)
            return Outcome.FAILED
        return Outcome.DONE

    def _kind(self) -> JobKind:
        kind = kind_named(self.work.kind)
        if kind is None:
            raise LookupError(f"no module that is installed declares the job kind {self.work.kind}")
        if self.work.attempts >= MAX_TRIES:
            raise GiveUp(f"the worker did not survive {MAX_TRIES} tries")
        return kind

    def _call(self, kind: JobKind) -> None:
        if kind.external:
            self._claim(kind)
            self._outside(kind)
        elif self.work.dedupe_key is not None:
            self._claim(kind)
            with self.core.unit_of_work(self.uow.company_id) as own:
                self._inside(own, kind)
        else:
            self._inside(self.uow, kind, taken=True)

    def _claim(self, kind: JobKind) -> None:
        rows.claim(self.uow, self.work, kind.timeout)
        self.uow.commit()

    def _inside(self, uow: UnitOfWork, kind: JobKind, taken: bool = False) -> None:
        if not taken and not rows.retake(uow, self.work.id):
            return
        try:
            kind.handler(context_of_work(self.core, uow, self.work.request_id), dict(self.work.payload))
            rows.finish(uow, self.work.id)
            uow.commit()
        except Exception:
            self._carry_failure_actions(uow)
            drop(uow)
            raise

    def _outside(self, kind: JobKind) -> None:
        work, company_id = self.work, self.uow.company_id
        call = ExternalCall(self.core, company_id, work.id, dict(work.payload), work.request_id, self.tries)
        result = kind.handler(call)
        with self.core.unit_of_work(company_id) as own:
            if not rows.retake(own, work.id):
                return
            if kind.record is not None:
                kind.record(context_of_work(self.core, own, work.request_id), dict(work.payload), result)
            rows.finish(own, work.id)
            own.commit()

    def _carry_failure_actions(self, uow: UnitOfWork) -> None:
        if uow is not self.uow:
            for action in uow.take_failure_actions():
                self.uow.on_failure(action)

    def _fail(self, error: Exception) -> None:
        log.warning("job.failed", attempt=self.tries, error=error_text(error), exc_info=error)
        drop(self.uow)
        with self.core.unit_of_work(self.uow.company_id) as own:
            for action in self.uow.take_failure_actions():
                action(own)
            _write_failure(own, self.work.id, self.tries, error)
            own.commit()


def _write_failure(uow: UnitOfWork, job_id: UUID, tries: int, error: BaseException) -> None:
    if is_final(tries, error):
        rows.give_up(uow, job_id, tries, error_text(error))
    else:
        rows.postpone(uow, job_id, tries, retry_delay(tries), error_text(error))
