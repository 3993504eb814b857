"""The processes that the supervisor keeps alive: what to run, how long to wait for its end (runtime.md §7)."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lunarfront.kernel.config import Settings

#: Requests may finish for so long after SIGTERM; a job has longer.
WEB_STOP_SECONDS = 25.0
JOB_STOP_SECONDS = 30.0


@dataclass(frozen=True)
class ChildSpec:
    """One process: its name, its command and the seconds it has to end after SIGTERM."""

    name: str
    command: tuple[str, ...]
    stop_seconds: float = JOB_STOP_SECONDS
    environ: Mapping[str, str] = field(default_factory=dict)


class Child:
    """A running process, leader of its own group, so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, spec: ChildSpec, environ: Mapping[str, str]) -> None:
        self.spec = spec
        self.process = subprocess.Popen(
            spec.command, env={**environ, **spec.environ}, stdin=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def pid(self) -> int:
        """The process and its group."""
        return self.process.pid

    def wait(self) -> int:
        """Wait for the process to end, kill what it leaves of its group; return its exit code."""
        code = self.process.wait()
        kill_group(self.pid)
        return code

    def ask_to_stop(self) -> None:
        """Send SIGTERM: finish what is begun, then end."""
        with suppress(ProcessLookupError):
            self.process.terminate()

    def finish(self) -> int:
        """Wait for the end of a process that was asked to stop, kill what overstays; return its exit code."""
        try:
            self.process.wait(self.spec.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return self.wait()


def kill_group(pid: int) -> None:
    """Kill what is left of a process group."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def lunarfront_command(*words: str) -> tuple[str, ...]:
    """Return the command that runs a sub-command of LunarFront in this very environment."""
    return (sys.executable, "-m", "lunarfront.cli", *words)


def standard_children(settings: Settings) -> list[ChildSpec]:
    """Return web, dispatcher and workers in the order in which they stop (runtime.md §7)."""
    web = ChildSpec("web", (sys.executable, "-m", "lunarfront.kernel.runtime.serve"), WEB_STOP_SECONDS)
    if settings.jobs == "inline":
        return [web]
    numbers = range(1, settings.job_workers + 1)
    workers = [ChildSpec(f"worker-{number}", lunarfront_command("worker")) for number in numbers]
    return [web, ChildSpec("dispatcher", lunarfront_command("dispatcher")), *workers]
