"""Is the server in this data folder alive? A pid in ``postmaster.pid`` proves nothing (runtime.md §4)."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import find_postgres
from lunarfront.kernel.runtime.placement import POSTGRES_SOCKET, Placement
from lunarfront.kernel.runtime.waiting import wait_ended

GRACE_SECONDS = 3.0
STOP_SECONDS = 60.0


@dataclass(frozen=True)
class PidFile:
    """The lines of ``postmaster.pid`` that we read."""

    pid: int
    port: str
    socket_dir: str
    host: str
    status: str


def read_pid_file(data_dir: Path) -> PidFile | None:
    """Return what the file says, or None when it is missing or half written."""
    try:
        lines = (data_dir / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        padded = [*lines, *[""] * 8]
        return PidFile(
            int(padded[0]), padded[3].strip(), padded[4].strip(), padded[5].strip(), padded[7].strip()
        )
    except (OSError, ValueError):
        return None


def is_postmaster(pid: int, data_dir: Path) -> bool:
    """Whether this pid is a postgres process on this data folder, and no zombie."""
    try:
        return _alive_on(psutil.Process(pid), data_dir)
    except psutil.Error:
        return False


def answers(place: Placement, found: PidFile) -> bool:
    """Whether ``pg_isready`` gets an answer, be it "still starting"."""
    host = found.socket_dir or found.host
    command = [place.install.program("pg_isready"), "-q", "-t", "3", "-h", host, "-p", found.port or "5432"]
    return subprocess.run(command, check=False, capture_output=True, timeout=30).returncode in {0, 1}


def clear_dead(place: Placement) -> None:
    """Remove what a killed server left: wait for its last processes, then drop its pid and lock files."""
    alive = wait_ended(_workers_of(place.data_dir), GRACE_SECONDS)
    for process in alive:
        _terminate(process)
    wait_ended(alive, GRACE_SECONDS)
    (place.data_dir / "postmaster.pid").unlink(missing_ok=True)
    (place.socket_dir / f"{POSTGRES_SOCKET}.lock").unlink(missing_ok=True)
    (place.socket_dir / POSTGRES_SOCKET).unlink(missing_ok=True)


def stop_fast(pid: int, data_dir: Path, settings: Settings) -> None:
    """Stop the server in its ``fast`` way: sessions end, nothing is lost. Raises StartRefused if it does not."""
    process = psutil.Process(pid)
    if sys.platform == "win32":
        command = [find_postgres(settings).program("pg_ctl"), "stop", "-D", str(data_dir), "-m", "fast"]
        subprocess.run(command, check=False, capture_output=True, timeout=STOP_SECONDS)
    else:
        process.send_signal(signal.SIGINT)
    if wait_ended([process], STOP_SECONDS):
        raise StartRefused(f"PostgreSQL (pid {pid}) did not stop within {STOP_SECONDS:.0f} seconds.")


def _workers_of(data_dir: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _alive_on(process, data_dir)]


def _alive_on(process: psutil.Process, data_dir: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and _works_on(process, data_dir)
    except psutil.Error:
        return False


def _works_on(process: psutil.Process, data_dir: Path) -> bool:
    if not process.name().startswith("postgres"):
        return False
    return Path(process.cwd()).resolve() == data_dir.resolve()


def _terminate(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return
