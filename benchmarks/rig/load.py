"""N clients at once, each a process of its own, all beginning together; their durations and rate."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Sales of each client before the clock runs: connections, plans and caches are made.
WARM_UP = 60
_fork = multiprocessing.get_context("fork")


@dataclass
class Round:
    """What clients did in one round. Seconds."""

    clients: int
    seconds: float
    durations: list[float] = field(repr=False)

    @property
    def rate(self) -> float:
        """Sales per second."""
        return len(self.durations) / self.seconds

    def quantile(self, part: float) -> float:
        """Return milliseconds below which this part of the sales stayed."""
        ordered = sorted(self.durations)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def run_round(
    make: Callable[..., Callable[[], None]], arguments: Sequence[Any], clients: int, seconds: float
) -> Round:
    """Let ``make(*arguments, index)`` work in each client for some seconds.

    Raises:
        SystemExit: a client failed.
    """
    start = _fork.Barrier(clients)
    results: Any = _fork.SimpleQueue()
    workers = [
        _fork.Process(target=_work, args=(make, (*arguments, index), start, seconds, results), daemon=True)
        for index in range(clients)
    ]
    for worker in workers:
        worker.start()
    answers = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    failed = [answer for answer in answers if isinstance(answer, str)]
    if failed:
        raise SystemExit(failed[0])
    durations = [duration for answer in answers for duration in answer[1]]
    return Round(clients, max(a[0] for a in answers), durations)


def _work(
    make: Callable[..., Callable[[], None]], arguments: Any, start: Any, seconds: float, results: Any
) -> None:
    try:
        act = make(*arguments)
        for _ in range(WARM_UP):
            act()
        start.wait(60)
        results.put(_timed(act, seconds))
    except BaseException as error:  # noqa: BLE001 (the parent tells of it)
        start.abort()
        results.put(f"{type(error).__name__}: {error}")


def _timed(act: Callable[[], None], seconds: float) -> tuple[float, list[float]]:
    durations = []
    began = now = time.perf_counter()
    while now - began < seconds:
        act()
        ended = time.perf_counter()
        durations.append(ended - now)
        now = ended
    return now - began, durations
