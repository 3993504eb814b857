"""Counting tries in PostgreSQL, so that limits hold whatever happens to the cache (SEC-21)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lunarfront.kernel.auth.lockout import PER_ADDRESS, PER_COMPANY, Limit, address_key
from lunarfront.kernel.core import Core
from lunarfront.kernel.db.session import CompanySession
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.uow import UnitOfWork

_CHARGE_ADDRESS = """
INSERT INTO address_counter AS c (subject, address, window_start, count)
VALUES (%(subject)s, %(address)s, %(now)s, 1)
ON CONFLICT (subject, address) DO UPDATE SET
  count = CASE WHEN c.window_start <= %(ended)s THEN 1 ELSE c.count + 1 END,
  window_start = CASE WHEN c.window_start <= %(ended)s THEN %(now)s ELSE c.window_start END
RETURNING count, window_start
"""
_REFUND_ADDRESS = """
UPDATE address_counter SET count = greatest(count - 1, 0) WHERE subject = %(subject)s AND address = %(address)s
"""
_CHARGE_COMPANY = """
INSERT INTO rate_counter AS c (company_id, id, subject, window_start, count)
VALUES (%(company)s, %(id)s, %(subject)s, %(now)s, 1)
ON CONFLICT (company_id, subject) DO UPDATE SET
  count = CASE WHEN c.window_start <= %(ended)s THEN 1 ELSE c.count + 1 END,
  window_start = CASE WHEN c.window_start <= %(ended)s THEN %(now)s ELSE c.window_start END
RETURNING count, window_start
"""
_REFUND_COMPANY = """
UPDATE rate_counter SET count = greatest(count - 1, 0) WHERE company_id = %(company)s AND subject = %(subject)s
"""


@contextmanager
def before_company(core: Core) -> Iterator[Connection]:
    """A transaction before the company is known: it reaches what needs none, and nothing else (SEC-08)."""
    with CompanySession(core.bind, None, **core.session_options) as session:
        yield session.connection()
        session.commit()


def charge_address(core: Core, subject: str, address: str | None, limit: Limit = PER_ADDRESS) -> None:
    """Count a try from an address before it is judged, so that tries at the same moment count too.

    Raises:
        Problem: ``rate_limited`` when there were too many in the window.
    """
    now = core.clock()
    params = {"subject": subject, "address": address_key(address), "now": now, "ended": now - limit.window}
    with before_company(core) as connection:
        row = connection.exec_driver_sql(_CHARGE_ADDRESS, params).one()
    _refuse_above(limit, row, now)


def refund_address(core: Core, subject: str, address: str | None) -> None:
    """Take a try back: it was a good one."""
    with before_company(core) as connection:
        connection.exec_driver_sql(_REFUND_ADDRESS, {"subject": subject, "address": address_key(address)})


def charge_company(uow: UnitOfWork, subject: str, now: datetime, limit: Limit = PER_COMPANY) -> None:
    """Count a try at a company, over all addresses.

    Raises:
        Problem: ``rate_limited``.
    """
    params = {
        "company": uow.company_id,
        "id": uuid7(),
        "subject": subject,
        "now": now,
        "ended": now - limit.window,
    }
    _refuse_above(limit, uow.query(_CHARGE_COMPANY, params)[0], now)


def refund_company(uow: UnitOfWork, subject: str) -> None:
    """Take a try back."""
    uow.execute(_REFUND_COMPANY, {"company": uow.company_id, "subject": subject})


def _refuse_above(limit: Limit, row: Any, now: datetime) -> None:
    if row.count > limit.most:
        wait = max(1, int((row.window_start + limit.window - now).total_seconds()))
        raise Problem("rate_limited", "Too many tries. Wait a moment.", extra={"retry_after": wait})
