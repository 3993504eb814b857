"""The embedded PostgreSQL: starts it, shares one that runs, recovers one that was killed (runtime.md §4)."""

import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import ensure_home, make_password, secret_once
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import PostgresInstall, find_postgres
from lunarfront.kernel.runtime.initdb import SUPERUSER, child_environment, init_database
from lunarfront.kernel.runtime.locks import file_lock
from lunarfront.kernel.runtime.placement import Placement, data_dir_of, drop_socket_folder, place
from lunarfront.kernel.runtime.postmaster import (
    PidFile,
    answers,
    clear_dead,
    is_postmaster,
    read_pid_file,
    stop_fast,
)
from lunarfront.kernel.runtime.server_options import server_command
from lunarfront.kernel.runtime.urls import database_url
from lunarfront.kernel.runtime.waiting import until

#: A crash recovery reads at most max_wal_size again; far below this on any disk.
START_SECONDS = 300.0
ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class ServerHandle:
    """A server that answers. ``admin_url`` signs in as its superuser, on database ``postgres``.

    ``started_here`` is false when another process had started it: then ``stop`` leaves it alone.
    """

    admin_url: str
    version: str
    started_here: bool
    pid: int
    data_dir: Path
    bin_dir: Path


class PostgresServer:
    """The server of one LUNARFRONT_HOME. ``start`` may be called by any number of processes at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> ServerHandle:
        """Return the running server, started if need be. Raises StartRefused with what stands in the way."""
        ensure_home(self.settings.home)
        with self._lock():
            where = self._place()
            found = self._running(where)
            if found is None:
                clear_dead(where)
                found = self._launch(where)
            return self._handle(where, found)

    def stop(self, *, force: bool = False) -> bool:
        """Stop fast, if we started it or ``force`` (``lunarfront down``). Return whether a server was stopped."""
        if not self.settings.home.exists() or not (force or self._process):
            return False
        with self._lock():
            data_dir = data_dir_of(self.settings)
            found = read_pid_file(data_dir)
            own_pid = self._process.pid if self._process else None
            if found is None or not (force or found.pid == own_pid) or not is_postmaster(found.pid, data_dir):
                self._reap()
                return False
            stop_fast(found.pid, data_dir, self.settings)
            self._reap()
            if found.socket_dir:
                drop_socket_folder(Path(found.socket_dir))
            return True

    def wait(self) -> int:
        """Wait until the server that we started has ended; return its exit code (0 when we started none)."""
        return self._process.wait() if self._process else 0

    def _lock(self) -> AbstractContextManager[None]:
        return file_lock(self.settings.home / "postgres.lock")

    def _place(self) -> Placement:
        install = find_postgres(self.settings)
        refuse_other_major(data_dir_of(self.settings), install)
        return place(self.settings, install)

    def _password(self) -> str:
        return secret_once(self.settings.secrets_dir / "postgres_password", make_password)

    def _running(self, where: Placement) -> PidFile | None:
        """Return the live server of this folder, once it takes connections."""
        found = read_pid_file(where.data_dir)
        if found is None or not is_postmaster(found.pid, where.data_dir):
            return None
        if not until(lambda: _ready(where), ANSWER_SECONDS) or not answers(where, found):
            raise StartRefused(
                f"PostgreSQL (pid {found.pid}) holds {where.data_dir} but does not answer. End it and start again."
            )
        return read_pid_file(where.data_dir)

    def _launch(self, where: Placement) -> PidFile:
        if not (where.data_dir / "PG_VERSION").exists():
            init_database(where, self._password(), unsafe=self.settings.pg_unsafe)
        log = self.settings.home / "postgres-start.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                server_command(where, self.settings.home / "postgres.port", unsafe=self.settings.pg_unsafe),
                cwd=where.data_dir,
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **where.user.popen,
            )
        return self._wait_ready(where, self._process, log)

    def _wait_ready(self, where: Placement, process: "subprocess.Popen[bytes]", log: Path) -> PidFile:
        until(lambda: process.poll() is not None or _ready(where, process.pid), START_SECONDS)
        found = _ready(where, process.pid)
        if found is None:
            process.terminate()
            raise StartRefused(f"PostgreSQL did not start: {_last_words(where.data_dir, log)}")
        return found

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _handle(self, where: Placement, found: PidFile) -> ServerHandle:
        url = database_url(
            user=SUPERUSER,
            password=self._password(),
            database="postgres",
            host=found.socket_dir or found.host,
            port=int(found.port),
        )
        here = self._process is not None and self._process.pid == found.pid
        return ServerHandle(
            url, where.install.version, here, found.pid, where.data_dir, where.install.bin_dir
        )


def refuse_other_major(data_dir: Path, install: PostgresInstall) -> None:
    """Raise StartRefused when the data was written by another major version; the data is not touched."""
    version_file = data_dir / "PG_VERSION"
    if not version_file.exists():
        return
    written_by = version_file.read_text(encoding="ascii").strip()
    if written_by != str(install.major):
        raise StartRefused(
            f"The data in {data_dir} was written by PostgreSQL {written_by}, the programs are {install.version}."
            f" Run `lunarfront upgrade-db`, or set LUNARFRONT_PG_BIN to the programs of version {written_by}."
        )


def _ready(where: Placement, pid: int | None = None) -> PidFile | None:
    """Return the pid file once it says that connections are taken (by this server, when ``pid`` is given)."""
    found = read_pid_file(where.data_dir)
    return found if found and found.status == "ready" and pid in (None, found.pid) else None


def _last_words(data_dir: Path, log: Path) -> str:
    """Return the last lines of the start log and of the newest server log."""
    logs = sorted((data_dir / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
    texts = [path.read_text(encoding="utf-8", errors="replace").strip() for path in (log, *logs)]
    return " | ".join(line for text in texts for line in text.splitlines()[-3:])
