"""Everything under one process: ``lunarfront up`` and ``demo`` (runtime.md §7)."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import FrameType, TracebackType
from typing import Any

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import ensure_home
from lunarfront.kernel.runtime.children import Child, ChildSpec
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.leftovers import clear_leftovers
from lunarfront.kernel.runtime.locks import try_lock, unlock
from lunarfront.kernel.runtime.run_file import remove_run_file, write_run_file
from lunarfront.kernel.runtime.services import Services, start_services

log = logging.getLogger("lunarfront.supervisor")

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
#: A process that lived this long starts again with the first delay.
HEALTHY_SECONDS = 60.0
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass
class Watched:
    """One name under watch: how to start it again, since when it runs, how often it failed in a row."""

    start: Callable[[], Callable[[], int]]
    began: float = 0.0
    failures: int = 0
    due: float | None = None

    def delay(self, now: float) -> float:
        """Return the seconds to wait before the next start: doubled for each quick end."""
        self.failures = 1 if now - self.began >= HEALTHY_SECONDS else self.failures + 1
        return min(FIRST_DELAY * 2.0 ** (self.failures - 1), LONGEST_DELAY)


class Supervisor:
    """Starts services and children, restarts what crashes, stops all in order. A context manager.

    >>> with Supervisor(settings) as supervisor:
    ...     services = supervisor.start_services()
    ...     supervisor.start_children(standard_children(settings))
    ...     supervisor.run()
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.services: Services | None = None
        self.children: dict[str, Child] = {}
        self._watched: dict[str, Watched] = {}
        self._events: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
        self._state = "starting"
        self._handlers: dict[signal.Signals, Any] = {}
        self._lock: int | None = None

    def __enter__(self) -> "Supervisor":
        ensure_home(self.settings.home)
        self._lock = try_lock(self.settings.home / "supervisor.lock")
        if self._lock is None:
            raise StartRefused(f"LunarFront runs already on {self.settings.home}. `lunarfront down` ends it.")
        try:
            clear_leftovers(self.settings.home)
            write_run_file(self.settings.home, {})
            if threading.current_thread() is threading.main_thread():
                self._handlers = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        except BaseException:
            unlock(self._lock)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state = "stopping"
        try:
            self._stop()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)
            if self._lock is not None:
                unlock(self._lock)

    def start_services(self) -> Services:
        """Start PostgreSQL and Valkey, and watch those that were started here."""
        self.services = start_services(self.settings)
        if self.services.server and self.services.server.started_here:
            self._watch(
                "postgresql", Watched(self._again(self.services.postgres)), self.services.postgres.wait
            )
        if self.services.valkey.is_ours:
            self._watch("valkey", Watched(self._again(self.services.valkey)), self.services.valkey.wait)
        return self.services

    def start_children(self, specs: Iterable[ChildSpec]) -> None:
        """Start these processes; they stop later in the same order."""
        for spec in specs:
            watched = Watched(lambda spec=spec: self._start_child(spec))  # type: ignore[misc]
            self._watch(spec.name, watched, watched.start())
        self._note()

    def run(self) -> None:
        """Keep everything alive until SIGTERM, SIGINT or ``request_stop``."""
        if self._state == "starting":
            self._state = "running"
        while self._state == "running":
            with suppress(Empty):
                event = self._events.get(timeout=self._next_due())
                if event is None:
                    return
                self._ended(*event)
            self._restart_due()

    def request_stop(self) -> None:
        """Make ``run`` return; may be called from any thread or signal handler."""
        self._events.put(None)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._state == "running":
            self.request_stop()
        elif self._state == "starting":
            self._state = "stopping"
            raise SystemExit(0)

    def _watch(self, name: str, watched: Watched, wait: Callable[[], int]) -> None:
        watched.began, watched.due = time.monotonic(), None
        self._watched[name] = watched
        threading.Thread(
            target=lambda: self._events.put((name, wait())), name=f"watch-{name}", daemon=True
        ).start()

    def _start_child(self, spec: ChildSpec) -> Callable[[], int]:
        environ = self.services.child_environment() if self.services else {}
        child = Child(spec, environ)
        self.children[spec.name] = child
        return child.wait

    def _again(self, server: Any) -> Callable[[], Callable[[], int]]:
        def start() -> Callable[[], int]:
            server.start()
            wait: Callable[[], int] = server.wait
            return wait

        return start

    def _ended(self, name: str, code: int) -> None:
        now = time.monotonic()
        watched = self._watched[name]
        delay = watched.delay(now)
        watched.due = now + delay
        log.warning("%s ended with code %s; it starts again in %.1f s", name, code, delay)

    def _next_due(self) -> float | None:
        due = [watched.due for watched in self._watched.values() if watched.due is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _restart_due(self) -> None:
        now = time.monotonic()
        for name, watched in list(self._watched.items()):
            if watched.due is not None and watched.due <= now:
                self._restart(name, watched)

    def _restart(self, name: str, watched: Watched) -> None:
        try:
            self._watch(name, watched, watched.start())
            self._note()
        except (StartRefused, OSError) as error:
            log.warning("%s cannot start: %s", name, error)
            watched.due = time.monotonic() + watched.delay(time.monotonic())

    def _note(self) -> None:
        write_run_file(self.settings.home, {name: child.pid for name, child in self.children.items()})

    def _stop(self) -> None:
        for child in self.children.values():
            child.ask_to_stop()
            code = child.finish()
            log.info("%s stopped with code %s", child.spec.name, code)
        if self.services is not None:
            self.services.stop()
        remove_run_file(self.settings.home)
