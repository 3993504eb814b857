"""The single checks: database, backlog of jobs, Valkey. Each has a connection of its own, never one of the pool."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Engine

from lunarfront.kernel.core import Core
from lunarfront.kernel.runtime.urls import libpq_url

#: A check that was given up by its caller must still end.
STATEMENT_MS = 2000
CONNECT_SECONDS = 2
QUEUE_SECONDS = 0.15


@dataclass(frozen=True)
class DatabaseState:
    """What the database says of itself: its revision and its clock."""

    revision: str | None
    clock: datetime


@dataclass(frozen=True)
class Backlog:
    """Jobs of all companies: due now, age of the oldest of them in seconds, on the failed list."""

    due: int
    oldest_s: int
    failed: int


class OwnConnection:
    """One connection that is kept between checks and made anew when it broke."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._connection: psycopg.Connection[Any] | None = None
        self._address = ""

    def row(self, statement: str) -> Any:
        """Return the first row of a statement; a kept connection that broke is replaced once."""
        if self._is_usable():
            with suppress(psycopg.OperationalError):
                return self._fetch(statement)
        self._connect()
        return self._fetch(statement)

    def _is_usable(self) -> bool:
        return self._connection is not None and not self._connection.closed and self._address == self._url()

    def _fetch(self, statement: str) -> Any:
        assert self._connection is not None  # noqa: S101
        return self._connection.execute(statement).fetchone()

    def _connect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._address = self._url()
        self._connection = psycopg.connect(
            self._address,
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=CONNECT_SECONDS,
            options=f"-c statement_timeout={STATEMENT_MS}",
            application_name="lunarfront health",
        )

    def _url(self) -> str:
        bind = self._core.bind
        engine = bind if isinstance(bind, Engine) else bind.engine
        return libpq_url(engine.url.render_as_string(hide_password=False))


class DatabaseCheck(OwnConnection):
    """Whether the database answers, at which revision, and what time it has."""

    def __call__(self) -> DatabaseState:
        """Ask it.

        Raises:
            psycopg.Error: it does not answer.
        """
        revision, clock = self.row("SELECT (SELECT version_num FROM alembic_version), clock_timestamp()")
        return DatabaseState(revision, clock)


class BacklogCheck(OwnConnection):
    """How much work waits; apart from the database's own check, since a long backlog takes long to count."""

    def __call__(self) -> Backlog:
        """Count it."""
        due, oldest, failed = self.row("SELECT due, oldest_s, failed FROM lf_job_backlog()")
        return Backlog(int(due), int(oldest), int(failed))


class QueueCheck:
    """Whether Valkey answers."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=QUEUE_SECONDS,
            socket_connect_timeout=QUEUE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    def __call__(self) -> bool:
        """Ask it.

        Raises:
            redis.RedisError: it does not answer.
        """
        return bool(self._redis.ping())
