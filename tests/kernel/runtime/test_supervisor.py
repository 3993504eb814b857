"""One process above all others: order of stopping, restarts, `down`, what a killed one leaves (runtime.md §7)."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.runtime.children import ChildSpec, standard_children
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.leftovers import down
from lunarfront.kernel.runtime.run_file import read_run_file
from lunarfront.kernel.runtime.services import Services
from lunarfront.kernel.runtime.supervisor import Supervisor, Watched
from lunarfront.kernel.runtime.testing import rig_settings
from lunarfront.kernel.runtime.urls import libpq_url
from lunarfront.kernel.runtime.waiting import has_ended, until, wait_ended

#: Tells of its start, waits for SIGTERM, tells of its end.
STAYS = """
import os, signal, sys
say = lambda word: os.write(3, f"{sys.argv[1]} {word} {os.getpid()}\\n".encode())
signal.signal(signal.SIGTERM, lambda *_: (say("ends"), sys.exit(0)))
say("starts")
signal.pause()
"""
DEAF = "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write(3, b'deaf\\n'); signal.pause()"
FORKS = "import os, signal; os.write(3, f'{os.fork()}\\n'.encode()); signal.pause()"


class Reports:
    """A pipe on which child processes report, line by line: events to wait for instead of sleeping."""

    def __init__(self) -> None:
        self._read, self.handle = os.pipe()
        self.lines = os.fdopen(self._read, encoding="ascii")

    def spec(self, name: str, code: str = STAYS, stop_seconds: float = 20.0) -> ChildSpec:
        """A child that reports on its descriptor 3."""
        wrapped = (
            f"import os; os.dup2(os.open('/proc/{os.getpid()}/fd/{self.handle}', os.O_WRONLY), 3)\n{code}"
        )
        return ChildSpec(name, (sys.executable, "-c", wrapped, name), stop_seconds)

    def next(self, count: int = 1) -> list[str]:
        return [self.lines.readline().rsplit(" ", 1)[0].strip() for _ in range(count)]

    def close(self) -> None:
        os.close(self.handle)
        self.lines.close()


@pytest.fixture
def reports() -> Iterator[Reports]:
    made = Reports()
    yield made
    made.close()


def in_background(supervisor: Supervisor) -> threading.Thread:
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    return thread


def finish(supervisor: Supervisor, thread: threading.Thread) -> None:
    supervisor.request_stop()
    thread.join()


def test_children_stop_in_their_order_before_the_servers(home: Path, reports: Reports) -> None:
    with Supervisor(rig_settings(home)) as supervisor:
        services = supervisor.start_services()
        assert services.server is not None
        postmaster = psutil.Process(services.server.pid)
        supervisor.start_children([reports.spec("web"), reports.spec("dispatcher"), reports.spec("worker")])
        assert sorted(reports.next(3)) == ["dispatcher starts", "web starts", "worker starts"]
        assert postmaster.is_running()
    assert reports.next(3) == ["web ends", "dispatcher ends", "worker ends"]
    assert not postmaster.is_running()
    assert not (home / "supervisor.json").exists()


def test_children_get_the_applications_addresses_only(home: Path) -> None:
    """SEC-01: lf_owner is never used by the running application."""
    with Supervisor(rig_settings(home)) as supervisor:
        services = supervisor.start_services()
        environ = services.child_environment(
            {"DATABASE_ADMIN_URL": "postgresql://boss@db/shop", "DATABASE_URL_FILE": "x", "PATH": "/bin"}
        )
    assert environ == {
        "PATH": "/bin",
        "LUNARFRONT_HOME": str(home),
        "DATABASE_URL": services.urls.app_url,
        "DATABASE_ADMIN_URL": "",
        "REDIS_URL": services.redis_url,
    }
    assert load_settings(environ).database_admin_url is None


def test_crashed_child_starts_again(home: Path, reports: Reports) -> None:
    with Supervisor(rig_settings(home)) as supervisor:
        supervisor.start_children([reports.spec("web")])
        assert reports.next() == ["web starts"]
        thread = in_background(supervisor)
        os.kill(supervisor.children["web"].pid, signal.SIGKILL)
        assert reports.next() == ["web starts"]
        finish(supervisor, thread)
    assert reports.next() == ["web ends"]


def test_killed_postgresql_starts_again(home: Path) -> None:
    with Supervisor(rig_settings(home)) as supervisor:
        services = supervisor.start_services()
        assert services.server is not None
        thread = in_background(supervisor)
        os.kill(services.server.pid, signal.SIGKILL)
        assert until(lambda: can_sign_in(services), 30)
        finish(supervisor, thread)


def can_sign_in(services: Services) -> bool:
    try:
        with psycopg.connect(libpq_url(services.urls.app_url), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def test_waiting_time_doubles_and_is_forgotten_after_a_healthy_minute() -> None:
    watched = Watched(start=lambda: lambda: 0, began=100.0)
    assert [watched.delay(101.0) for _ in range(8)] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert watched.delay(161.0) == 0.5


def test_child_that_does_not_end_is_killed_with_its_group(home: Path, reports: Reports) -> None:
    with Supervisor(rig_settings(home)) as supervisor:
        supervisor.start_children([reports.spec("deaf", DEAF, stop_seconds=0.2)])
        assert reports.next() == ["deaf"]
        pid = supervisor.children["deaf"].pid
    assert not psutil.pid_exists(pid)


def test_crash_takes_the_group_along(home: Path, reports: Reports) -> None:
    with Supervisor(rig_settings(home)) as supervisor:
        supervisor.start_children([reports.spec("forks", FORKS)])
        grandchildren = [int(word) for word in reports.next(2)]
        grandchild = psutil.Process(max(grandchildren))
        thread = in_background(supervisor)
        os.kill(supervisor.children["forks"].pid, signal.SIGKILL)
        assert not wait_ended([grandchild], 10)
        finish(supervisor, thread)


def test_second_supervisor_on_one_home_is_refused(home: Path) -> None:
    with Supervisor(rig_settings(home)), pytest.raises(StartRefused, match="lunarfront down"):
        Supervisor(rig_settings(home)).__enter__()
    with Supervisor(rig_settings(home)):
        pass


UP = """
import sys
from pathlib import Path
from lunarfront.kernel.runtime.children import ChildSpec
from lunarfront.kernel.runtime.supervisor import Supervisor
from lunarfront.kernel.runtime.testing import rig_settings
with Supervisor(rig_settings(Path(sys.argv[1]))) as supervisor:
    services = supervisor.start_services()
    supervisor.start_children([ChildSpec("web", (sys.executable, "-c", "import signal; signal.pause()"))])
    print(services.server.pid, supervisor.children["web"].pid, flush=True)
    supervisor.run()
"""


class Up:
    """``lunarfront up`` in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", UP, str(home)], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        self.output = self.process.stdout
        self.pids = [int(word) for word in self.output.readline().split()]
        self.others = [psutil.Process(pid) for pid in self.pids]

    def gone(self) -> bool:
        return not wait_ended(self.others, 20)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_everything(home: Path, number: signal.Signals) -> None:
    up = Up(home)
    up.process.send_signal(number)
    assert up.process.wait(60) == 0
    assert up.gone()


def test_down_stops_everything_from_another_process(home: Path) -> None:
    up = Up(home)
    supervisor, children = read_run_file(home)
    assert supervisor is not None
    assert (supervisor.pid, list(children)) == (up.process.pid, ["web"])
    reaper = threading.Thread(target=up.process.wait)
    reaper.start()
    assert down(rig_settings(home))
    reaper.join()
    assert up.process.returncode == 0
    assert up.gone()
    assert not down(rig_settings(home))


def test_killed_supervisor_leaves_nothing_that_disturbs(home: Path, reports: Reports) -> None:
    up = Up(home)
    up.process.kill()
    up.process.wait()
    assert up.others[1].is_running()
    with Supervisor(rig_settings(home)) as supervisor:
        assert has_ended(up.others[1])
        services = supervisor.start_services()
        assert services.server is not None
        assert services.server.pid == up.pids[0]
    assert down(rig_settings(home))
    assert up.gone()


def test_down_after_a_killed_supervisor_stops_the_rest(home: Path) -> None:
    up = Up(home)
    up.process.kill()
    up.process.wait()
    assert down(rig_settings(home))
    assert up.gone()


def test_standard_children_follow_the_settings() -> None:
    def names(**more: str) -> list[str]:
        return [spec.name for spec in standard_children(settings(**more))]

    def settings(**more: str) -> Settings:
        return load_settings(more)

    assert names(LUNARFRONT_JOB_WORKERS="2") == ["web", "dispatcher", "worker-1", "worker-2"]
    assert names(LUNARFRONT_JOBS="inline") == ["web"]
    assert [spec.stop_seconds for spec in standard_children(settings())] == [25, 30, 30]


def test_valkey_is_left_out_when_jobs_do_not_need_it(home: Path) -> None:
    with Supervisor(rig_settings(home, LUNARFRONT_JOBS="postgres")) as supervisor:
        assert supervisor.start_services().redis_url == ""
    assert not (home / "valkey").exists()


def test_port_is_free_after_the_stop(home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = (
        f"import socket, signal; s = socket.create_server(('127.0.0.1', {port}));"
        " os.write(3, b'listens\\n'); signal.pause()"
    )
    reports = Reports()
    with Supervisor(rig_settings(home)) as supervisor:
        supervisor.start_children([reports.spec("web", code)])
        assert reports.next() == ["listens"]
    reports.close()
    with socket.create_server(("127.0.0.1", port)):
        pass
