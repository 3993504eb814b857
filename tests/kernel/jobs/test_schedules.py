"""Repeating work: due times in the company's zone, none lost, none doubled (runtime.md §5)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from lunarfront.kernel.core import Core
from lunarfront.kernel.jobs import JobKind
from lunarfront.kernel.jobs.dispatcher import Dispatcher
from lunarfront.kernel.jobs.registry import Registry, extra_kinds, schedules
from lunarfront.kernel.jobs.schedules import next_due, seed_schedules, tick
from lunarfront.kernel.records import JobOutbox, Schedule
from lunarfront.sdk.testing.plugin import RealDb
from lunarfront.sdk.testing.world import CompanyWorld

CHICAGO = ZoneInfo("America/Chicago")
KIND = "test.nightly"


def due_times(cron: str, start: str, count: int) -> list[str]:
    moment, found = datetime.fromisoformat(start).replace(tzinfo=CHICAGO), []
    for _ in range(count):
        moment = next_due(cron, moment, CHICAGO)
        found.append(f"{moment:%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("cron", "start", "expected"),
    [
        ("30 2 * * *", "2026-06-01T12:00", ["06-02 07:30", "06-03 07:30"]),
        ("0 3 * * 1", "2026-06-03T12:00", ["06-08 08:00", "06-15 08:00"]),
        # the clock is put forward at 2:00 on March 8th: what is due at 2:30 is due when the gap ends
        ("30 2 * * *", "2026-03-07T12:00", ["03-08 08:00", "03-09 07:30"]),
        # the clock is put back at 2:00 on November 1st: once a day stays once a day, every hour stays every hour
        ("30 1 * * *", "2026-10-31T12:00", ["11-01 06:30", "11-02 07:30"]),
        ("0 * * * *", "2026-11-01T00:30", ["11-01 06:00", "11-01 07:00", "11-01 08:00"]),
    ],
)
def test_due_times_are_on_the_company_s_clock(cron: str, start: str, expected: list[str]) -> None:
    assert due_times(cron, start, len(expected)) == expected


@pytest.fixture
def nightly() -> Iterator[None]:
    with extra_kinds(JobKind(KIND, lambda ctx, payload: None, queue="mail"), cron={KIND: "30 2 * * *"}):
        yield


@pytest.fixture
def core(app: Any) -> Core:
    found: Core = app.extensions["lunarfront"]
    return found


def ticks(core: Core, company: CompanyWorld) -> list[JobOutbox]:
    with core.unit_of_work(company.id) as uow:
        wanted = select(JobOutbox).where(JobOutbox.kind == KIND).order_by(JobOutbox.run_at)
        return list(uow.session.execute(wanted).scalars())


def seed(core: Core, company: CompanyWorld, next_run_at: datetime | None = None, **values: Any) -> int:
    with core.unit_of_work(company.id) as uow:
        added = seed_schedules(uow, core.clock())
        changed = values | ({"next_run_at": next_run_at} if next_run_at else {})
        if changed:
            uow.session.execute(update(Schedule).where(Schedule.kind == KIND).values(**changed))
        uow.commit()
    return added


def run_tick(core: Core, company: CompanyWorld) -> int:
    with core.unit_of_work(company.id) as uow:
        count = tick(uow)
        uow.commit()
    return count


def test_companies_get_each_schedule_once(core: Core, company: CompanyWorld, nightly: None) -> None:
    assert seed(core, company) == len(schedules())
    assert seed(core, company) == 0


def test_a_due_time_becomes_one_row_and_moves_on(core: Core, company: CompanyWorld, nightly: None) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    seed(core, company, due)
    assert (run_tick(core, company), run_tick(core, company)) == (1, 0)
    (job,) = ticks(core, company)
    assert (job.run_at, job.queue, job.payload) == (due, "mail", {"due": due.isoformat()})
    with core.unit_of_work(company.id) as uow:
        following = uow.session.execute(
            select(Schedule.next_run_at).where(Schedule.kind == KIND)
        ).scalar_one()
    assert following == next_due("30 2 * * *", due, CHICAGO)


def test_no_tick_is_lost_while_the_dispatcher_is_away(
    core: Core, company: CompanyWorld, nightly: None
) -> None:
    start = datetime(2026, 1, 10, 8, 30, tzinfo=UTC)
    seed(core, company, start, payload={"what": "books"})
    run_tick(core, company)
    found = ticks(core, company)
    assert [job.run_at for job in found[:3]] == [start + timedelta(days=n) for n in range(3)]
    assert found[0].payload == {"what": "books", "due": start.isoformat()}
    for _ in range(50):
        if not run_tick(core, company):
            break
    days = [job.run_at.astimezone(CHICAGO).date() for job in ticks(core, company)]
    assert len(days) == len(set(days))
    assert days == sorted(days)


def test_a_row_for_a_due_time_is_never_made_twice(core: Core, company: CompanyWorld, nightly: None) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    for _ in range(2):
        seed(core, company, due)
        run_tick(core, company)
    assert len(ticks(core, company)) == 1


def test_schedules_that_are_off_or_unknown_make_no_work(
    core: Core, company: CompanyWorld, nightly: None
) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    seed(core, company, due, is_active=False)
    assert run_tick(core, company) == 0
    seed(core, company, due, is_active=True, kind="gone.module")
    assert run_tick(core, company) == 0


@pytest.mark.realdb
def test_dispatchers_side_by_side_make_one_row(realdb: RealDb, nightly: None) -> None:
    core: Core = realdb.app.extensions["lunarfront"]
    core.settings, company = replace(core.settings, jobs="postgres"), realdb.world.company
    seed(core, company, datetime.now(UTC) - timedelta(minutes=1))
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(Dispatcher(core).tick) for _ in range(4)]:
            done.result()
    assert len(ticks(core, company)) == 1


@pytest.mark.parametrize(
    ("kind", "cron"),
    [
        (JobKind("a", lambda: None, queue="nowhere"), None),
        (JobKind("a", lambda: None), "every day"),
        (JobKind("taken", lambda: None), None),
    ],
)
def test_sec_57_registry_refuses_what_is_wrong(kind: JobKind, cron: str | None) -> None:
    known = Registry()
    known.add(JobKind("taken", lambda: None))
    with pytest.raises(ValueError, match="job kind"):
        known.add(kind, cron)


def test_sec_57_a_frozen_registry_takes_nothing() -> None:
    known = Registry(frozen=True)
    with pytest.raises(ValueError, match="frozen"):
        known.add(JobKind("late", lambda: None))
