"""Waiting for something that can only be looked at, never awaited: a file's line, a socket's answer."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence

import psutil  # type: ignore[import-untyped]

from lunarfront.kernel.runtime.errors import StartRefused

LOOK_AGAIN = 0.02
ONE_REQUEST = 5.0


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Look until the condition holds; return False when it does not within ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_AGAIN)
    return True


def has_ended(process: psutil.Process) -> bool:
    """Whether the process is gone, or a zombie that nobody reaps (a container without an init process)."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def wait_ended(processes: Sequence[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until all have ended; return those that have not within ``seconds``."""
    until(lambda: all(map(has_ended, processes)), seconds)
    return [process for process in processes if not has_ended(process)]


def wait_http(url: str, timeout: float) -> None:
    """Return when the address answers with a status below 400. Raises StartRefused after ``timeout`` seconds."""
    if not until(lambda: http_answers(url), timeout):
        raise StartRefused(f"{url} did not answer within {timeout:.0f} seconds.")


def http_answers(url: str) -> bool:
    """Whether the address answers now with a status below 400."""
    try:
        with urllib.request.urlopen(url, timeout=ONE_REQUEST) as answer:  # noqa: S310
            return bool(answer.status < 400)
    except (OSError, urllib.error.URLError):
        return False
