"""What the machine spent: processor time of the server's processes, and how busy others kept it."""

import os
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Spent:
    """Processor seconds since some moment."""

    python: float
    postgres: float
    stolen: float
    idle: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(
            self.python - other.python,
            self.postgres - other.postgres,
            self.stolen - other.stolen,
            self.idle - other.idle,
        )


def spent(web_pid: int, postmaster_pid: int) -> Spent:
    """Return what web server and PostgreSQL have used; ended children of PostgreSQL count too."""
    times = psutil.cpu_times()
    return Spent(_tree(web_pid), _tree(postmaster_pid), getattr(times, "steal", 0.0), times.idle)


def _tree(pid: int) -> float:
    process = psutil.Process(pid)
    return sum(map(_seconds, [process, *process.children(recursive=True)]))


def _seconds(process: psutil.Process) -> float:
    """A process that has just ended is counted by its parent, which waited for it."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def machine_size() -> str:
    """Return cores and load, for the line of figures."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
