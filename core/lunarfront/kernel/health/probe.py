"""Asking a dependency that may hang: one question at a time, in a thread of its own, with a deadline."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Probe(Generic[T]):
    """A check that may hang. While one runs, later callers wait for the same answer: nothing piles up."""

    def __init__(self, check: Callable[[], T]) -> None:
        self._check = check
        self._lock = threading.Lock()
        self._running: Future[T] | None = None

    def ask(self) -> "Future[T]":
        """Start the check, or join the one that runs; wait for it with ``result(timeout)``."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = Future()
                threading.Thread(target=self._run, args=(self._running,), name="health", daemon=True).start()
            return self._running

    def _run(self, future: "Future[T]") -> None:
        try:
            future.set_result(self._check())
        except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
            future.set_exception(error)
