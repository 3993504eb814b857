"""Which companies have work: the listed functions of SEC-08. Everything else happens in one company at a time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from lunarfront.kernel.core import Core

_DUE_JOBS = "SELECT lf_companies_with_due_jobs()"
_DUE_SCHEDULES = "SELECT lf_companies_with_due_schedules()"
_TO_SEAL = "SELECT lf_companies_to_seal()"
_ALL = "SELECT lf_company_ids()"


def with_due_jobs(core: Core) -> Sequence[UUID]:
    """Return companies with work that is due and not leased."""
    return _ask(core, _DUE_JOBS)


def with_due_schedules(core: Core) -> Sequence[UUID]:
    """Return companies with a schedule that is due."""
    return _ask(core, _DUE_SCHEDULES)


def to_seal(core: Core) -> Sequence[UUID]:
    """Return companies with rows that wait for a seal."""
    return _ask(core, _TO_SEAL)


def all_companies(core: Core) -> Sequence[UUID]:
    """Return every company."""
    return _ask(core, _ALL)


def _ask(core: Core, statement: str) -> Sequence[UUID]:
    bind: Any = core.bind
    if not isinstance(bind, Engine):
        return list(bind.exec_driver_sql(statement).scalars())
    with bind.connect() as connection:
        return list(connection.exec_driver_sql(statement).scalars())
