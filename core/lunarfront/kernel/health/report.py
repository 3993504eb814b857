"""What the health pages say, within 200 ms (runtime.md §8)."""

import shutil
from concurrent.futures import Future
from datetime import timedelta
from functools import cache
from time import monotonic
from typing import Any, TypeVar

from lunarfront import __version__
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.core import Core
from lunarfront.kernel.db.migrate import head_revision
from lunarfront.kernel.health.checks import Backlog, BacklogCheck, DatabaseCheck, DatabaseState, QueueCheck
from lunarfront.kernel.health.probe import Probe

#: All checks run side by side and are waited for no longer than this.
ANSWER_SECONDS = 0.15
MIN_FREE_BYTES = 200 * 1024 * 1024
MAX_CLOCK_DRIFT = timedelta(seconds=30)

T = TypeVar("T")


class Health:
    """The checks of one process."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._database = Probe(DatabaseCheck(core))
        self._backlog = Probe(BacklogCheck(core))
        uses_queue = core.settings.jobs == "rq" and core.settings.redis_url
        self._queue = Probe(QueueCheck(core.settings.redis_url or "")) if uses_queue else None
        self._last_backlog: Backlog | None = None

    def report(self) -> dict[str, Any]:
        """Return the body of ``/health``: ok, degraded without Valkey, down without the database."""
        end = monotonic() + ANSWER_SECONDS
        asked, counted = self._database.ask(), self._backlog.ask()
        queue = self._queue_state(end)
        state = _answer(asked, end)
        self._last_backlog = _answer(counted, end) or self._last_backlog
        return {
            "status": "down" if state is None else "degraded" if queue == "unavailable" else "ok",
            "db": "unavailable" if state is None else "connected",
            "redis": queue,
            "version": __version__,
            "migrations": _migrations(state),
            "jobs": _jobs(self._last_backlog),
        }

    def readiness(self) -> dict[str, Any]:
        """Return the body of ``/health/ready``; ``ready`` is false while this process must get no requests."""
        end = monotonic() + ANSWER_SECONDS
        asked = self._database.ask()
        queue = self._queue_state(end)
        state = _answer(asked, end)
        checks = {
            "db": "unavailable" if state is None else "connected",
            "migrations": _migrations(state),
            "disk": _disk(self._core),
            "clock": _clock(state),
        }
        wanted = {"db": "connected", "migrations": "current", "disk": "ok", "clock": "ok"}
        return {"ready": checks == wanted, "checks": checks | {"redis": queue}}

    def _queue_state(self, end: float) -> str:
        if self._queue is None:
            return "unavailable" if self._core.settings.jobs == "rq" else "not_used"
        return "connected" if _answer(self._queue.ask(), end) else "unavailable"


def _answer(asked: "Future[T]", end: float) -> T | None:
    """Return the answer, None when there is none in time or an error."""
    try:
        return asked.result(max(0.0, end - monotonic()))
    except Exception:  # noqa: BLE001 - no answer is the answer
        return None


def _migrations(state: DatabaseState | None) -> str:
    if state is None:
        return "unknown"
    return "current" if state.revision == _newest() else "pending"


@cache
def _newest() -> str | None:
    return head_revision()


def _jobs(backlog: Backlog | None) -> dict[str, int | None]:
    if backlog is None:
        return {"due": None, "oldest_s": None, "failed": None}
    return {"due": backlog.due, "oldest_s": backlog.oldest_s, "failed": backlog.failed}


def _disk(core: Core) -> str:
    home = core.settings.home
    return "ok" if not home.exists() or shutil.disk_usage(home).free >= MIN_FREE_BYTES else "full"


def _clock(state: DatabaseState | None) -> str:
    if state is None:
        return "unknown"
    return "ok" if abs(utc_now() - state.clock) <= MAX_CLOCK_DRIFT else "differs from the database's"
