"""Ends a supervisor that runs in another process, and what one that was killed left running."""

from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.children import JOB_STOP_SECONDS, WEB_STOP_SECONDS, kill_group
from lunarfront.kernel.runtime.postgres import PostgresServer
from lunarfront.kernel.runtime.postmaster import STOP_SECONDS
from lunarfront.kernel.runtime.run_file import leftovers, read_run_file, remove_run_file
from lunarfront.kernel.runtime.valkey import ValkeyServer
from lunarfront.kernel.runtime.waiting import wait_ended

#: Web, dispatcher, worker and both servers, each with its full time.
WHOLE_STOP = WEB_STOP_SECONDS + 2 * JOB_STOP_SECONDS + 2 * STOP_SECONDS


def down(settings: Settings) -> bool:
    """Stop everything that runs on this home, whoever started it; return whether anything ran."""
    supervisor, _ = read_run_file(settings.home)
    process = supervisor.find() if supervisor else None
    if process is not None:
        process.terminate()
        wait_ended([process], WHOLE_STOP)
    cleared = clear_leftovers(settings.home)
    valkey = ValkeyServer(settings).stop(force=True)
    postgres = PostgresServer(settings).stop(force=True)
    return process is not None or cleared or valkey or postgres


def clear_leftovers(home: Path) -> bool:
    """End the children of a supervisor that is gone; return whether there were any."""
    supervisor, children = read_run_file(home)
    if supervisor is not None and supervisor.find() is not None:
        return False
    found = leftovers(children)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    wait_ended(found, JOB_STOP_SECONDS)
    for entry in children.values():
        if leftovers({"": entry}):
            kill_group(entry.pid)
    remove_run_file(home)
    return bool(found)
