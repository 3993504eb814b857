"""Repeating work: each due time of a schedule becomes exactly one outbox row (runtime.md §5)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from croniter import croniter
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from lunarfront.kernel.clock import zone
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.jobs.registry import kind_named, schedules
from lunarfront.kernel.records import JobOutbox, Schedule
from lunarfront.kernel.tenancy.models import Company
from lunarfront.kernel.uow import UnitOfWork

#: Due times caught up with in one tick, after the dispatcher was away.
MAX_DUE_TIMES = 100


def next_due(cron: str, after: datetime, tz: ZoneInfo) -> datetime:
    """Return the first due time after a moment, as UTC; the expression is read on the company's wall clock.

    Where the clock is put forward, a skipped time is due at the end of the gap. Where it is put back, work of a
    fixed hour is due in the first of the two hours only; work of every hour in both.
    """
    local = croniter(cron, after.astimezone(tz))
    while True:
        found: datetime = local.get_next(datetime)
        if found.fold == 0 or not _has_fixed_hour(cron):
            return found.astimezone(ZoneInfo("UTC"))


def _has_fixed_hour(cron: str) -> bool:
    return not cron.split()[1].startswith("*")


def seed_schedules(uow: UnitOfWork, now: datetime) -> int:
    """Give a company the schedules that installed kinds declare and it does not have yet; return how many."""
    tz, added = _company_zone(uow), 0
    for kind, cron in schedules().items():
        row = {"company_id": uow.company_id, "id": uuid7(), "kind": kind, "cron": cron}
        statement = insert(Schedule).values(**row, next_run_at=next_due(cron, now, tz))
        statement = statement.on_conflict_do_nothing(index_elements=["company_id", "kind"])
        added += len(uow.session.execute(statement.returning(Schedule.id)).all())
    return added


def tick(uow: UnitOfWork) -> int:
    """Turn the due times of a company's schedules into outbox rows; return how many there were.

    The schedule's row is locked, and it moves on in the transaction that inserts: no tick is lost or doubled.
    """
    now: datetime = uow.session.execute(select(func.now())).scalar_one()
    wanted = select(Schedule).where(Schedule.is_active, Schedule.next_run_at <= now)
    due = uow.session.execute(wanted.with_for_update(skip_locked=True)).scalars().all()
    tz = _company_zone(uow) if due else None
    return sum(_advance(uow, schedule, now, tz) for schedule in due if tz)


def _advance(uow: UnitOfWork, schedule: Schedule, now: datetime, tz: ZoneInfo) -> int:
    ticks = 0
    while schedule.next_run_at <= now and ticks < MAX_DUE_TIMES:
        ticks += _insert(uow, schedule, schedule.next_run_at)
        schedule.next_run_at = next_due(schedule.cron, schedule.next_run_at, tz)
    return ticks


def _insert(uow: UnitOfWork, schedule: Schedule, due: datetime) -> int:
    """The row's id is made of schedule and due time, so the database itself refuses a second one."""
    kind = kind_named(schedule.kind)
    if kind is None:
        return 0
    row: dict[str, Any] = {
        "company_id": uow.company_id,
        "id": tick_id(schedule.id, due),
        "kind": kind.name,
        "module": kind.module,
        "queue": kind.queue,
        "payload": {**schedule.payload, "due": due.isoformat()},
        "run_at": due,
    }
    statement = insert(JobOutbox).values(**row).on_conflict_do_nothing().returning(JobOutbox.id)
    return len(uow.session.execute(statement).all())


def tick_id(schedule_id: UUID, due: datetime) -> UUID:
    """Return the id of the outbox row of one due time."""
    return uuid5(schedule_id, due.astimezone(ZoneInfo("UTC")).isoformat())


def _company_zone(uow: UnitOfWork) -> ZoneInfo:
    wanted = select(Company.default_timezone).where(Company.id == uow.company_id)
    return zone(uow.session.execute(wanted).scalar_one())
