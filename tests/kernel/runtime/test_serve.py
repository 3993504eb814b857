"""The web server refuses what cannot work and serves with both servers (runtime.md §6, §7)."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from lunarfront.kernel.config import load_settings
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.postgres import ServerHandle
from lunarfront.kernel.runtime.roles import DatabaseUrls
from lunarfront.kernel.runtime.serve import check_connections, free_connections, refuse_too_many
from lunarfront.kernel.runtime.testing import prepare_test_database
from lunarfront.kernel.runtime.waiting import http_answers, wait_http

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def urls(module_home: Path, server: ServerHandle) -> DatabaseUrls:
    return prepare_test_database(module_home, server)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def environment(urls: DatabaseUrls, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUNARFRONT_")}
    path = os.pathsep.join(filter(None, (str(HERE), kept.get("PYTHONPATH"))))
    return {**kept, "DATABASE_URL": urls.app_url, "PYTHONPATH": path, **more}


def test_connections_are_counted_without_the_reserved_ones(urls: DatabaseUrls) -> None:
    assert free_connections(urls.app_url) == 57


def test_more_connections_than_the_server_has_are_refused(urls: DatabaseUrls) -> None:
    settings = load_settings(
        {"DATABASE_URL": urls.app_url, "LUNARFRONT_WORKERS": "15", "LUNARFRONT_THREADS": "2"}
    )
    with pytest.raises(StartRefused, match=r"want 60; the database has 57.*LUNARFRONT_WORKERS"):
        check_connections(settings)
    refuse_too_many(settings, free=60)


def test_pooler_shares_connections(tmp_path: Path) -> None:
    unreachable = "postgresql://lf_app:pw@127.0.0.1:1/shop"
    check_connections(load_settings({"DATABASE_URL": unreachable, "LUNARFRONT_DB_POOLER": "transaction"}))


def test_without_a_database_nothing_is_served() -> None:
    with pytest.raises(StartRefused, match="lunarfront up"):
        check_connections(load_settings({}))


def test_refusal_is_one_line_and_code_1(urls: DatabaseUrls) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "lunarfront.kernel.runtime.serve"],
        env=environment(urls, LUNARFRONT_WORKERS="20"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("lunarfront: 20 web processes")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("program", ["granian", "waitress"])
def test_request_in_work_is_answered_after_sigterm(program: str, urls: DatabaseUrls, tmp_path: Path) -> None:
    port = free_port()
    more = {"LUNARFRONT_PORT": str(port), "LUNARFRONT_SERVER": program, "LUNARFRONT_WORKERS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "lunarfront.kernel.runtime.serve", "small_app:app"],
        env=environment(urls, **more),
    )
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    try:
        wait_http(f"http://127.0.0.1:{port}/", 30)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(get, f"http://127.0.0.1:{port}/hold{pipe}")
            with pipe.open("wb"):  # opens when the request reads
                process.send_signal(signal.SIGTERM)
            assert answer.result()["DATABASE_URL"] == urls.app_url
        assert process.wait(30) == 0
    finally:
        process.kill()


def test_granian_runs_the_configured_processes(urls: DatabaseUrls) -> None:
    port = free_port()
    more = {"LUNARFRONT_PORT": str(port), "LUNARFRONT_WORKERS": "2"}
    process = subprocess.Popen(
        [sys.executable, "-m", "lunarfront.kernel.runtime.serve", "small_app:app"],
        env=environment(urls, **more),
    )
    try:
        wait_http(f"http://127.0.0.1:{port}/", 30)
        assert get(f"http://127.0.0.1:{port}/")["pid"] != process.pid
        assert len(psutil.Process(process.pid).children()) >= 2
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_address_that_never_answers_is_a_sentence() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    assert not http_answers(url)
    with pytest.raises(StartRefused, match="did not answer"):
        wait_http(url, 0.1)
