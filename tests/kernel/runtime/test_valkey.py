"""The embedded Valkey: shared, private, back after kill -9 (runtime.md §5)."""

import os
import signal
from pathlib import Path

import psutil
import pytest
import redis

from lunarfront.kernel.runtime import valkey
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.testing import rig_settings
from lunarfront.kernel.runtime.valkey import ValkeyServer, find_valkey


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True)


def test_flags_of_a_wake_up_that_loses_at_most_a_second(home: Path) -> None:
    with client(ValkeyServer(rig_settings(home)).start().url) as server:
        found = server.config_get(
            "maxmemory", "maxmemory-policy", "appendonly", "appendfsync", "save", "port"
        )
    assert found == {
        "maxmemory": str(128 * 1024 * 1024),
        "maxmemory-policy": "noeviction",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "port": "0",
    }


def test_only_this_user_with_the_password_gets_in(home: Path) -> None:
    handle = ValkeyServer(rig_settings(home)).start()
    socket = Path(handle.url.rpartition("@")[2].partition("?")[0])
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    assert socket.stat().st_mode & 0o777 == 0o700
    with client(f"unix://{socket}") as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with client(handle.url) as server:
        command = psutil.Process(int(server.info()["process_id"])).cmdline()
    password = (home / "secrets" / "valkey_password").read_text(encoding="ascii")
    assert not any(password in word for word in command)


def test_running_server_is_shared_and_keeps_its_data(home: Path) -> None:
    starter, guest = ValkeyServer(rig_settings(home)), ValkeyServer(rig_settings(home))
    first, second = starter.start(), guest.start()
    assert (first.started_here, second.started_here) == (True, False)
    assert first.url == second.url
    with client(first.url) as server:
        server.set("rung", "twice")
    assert not guest.stop()
    assert starter.stop()
    with client(starter.start().url) as server:
        assert server.get("rung") == "twice"


def test_killed_server_starts_again(home: Path) -> None:
    server = ValkeyServer(rig_settings(home))
    handle = server.start()
    with client(handle.url) as connection:
        os.kill(int(connection.info()["process_id"]), signal.SIGKILL)
    assert server.wait() == -signal.SIGKILL
    assert ValkeyServer(rig_settings(home)).start().started_here


def test_given_address_starts_nothing(tmp_path: Path) -> None:
    server = ValkeyServer(rig_settings(tmp_path / "home", REDIS_URL="redis://cache:6379/1"))
    handle = server.start()
    assert (handle.url, handle.started_here) == ("redis://cache:6379/1", False)
    assert not server.stop(force=True)
    assert not (tmp_path / "home").exists()


def test_without_a_program_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(valkey, "CARRIER", "no_such_wheel")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartRefused, match="LUNARFRONT_JOBS=postgres"):
        find_valkey()
    program = tmp_path / "redis-server"
    program.write_text("", encoding="ascii")
    program.chmod(0o755)
    assert find_valkey() == program


def test_failed_start_names_its_log(home: Path) -> None:
    broken = home / "valkey" / "appendonlydir"
    broken.mkdir(parents=True)
    (broken / "appendonly.aof.manifest").write_text("no manifest\n", encoding="ascii")
    with pytest.raises(StartRefused, match=r"valkey\.log"):
        ValkeyServer(rig_settings(home)).start()
