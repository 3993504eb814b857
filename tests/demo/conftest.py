"""The demo store as a child process: started with a free port, read by its one line, stopped by a signal."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.runtime.run_file import read_run_file
from lunarfront.kernel.runtime.testing import temporary_home
from lunarfront.kernel.runtime.waiting import wait_ended

LONGEST_STOP = 120


def clean_environment() -> dict[str, str]:
    """The environment without the test run's own settings."""
    ours = ("LUNARFRONT_", "DATABASE_", "REDIS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def command(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run another command of LunarFront on the demo's home."""
    return subprocess.run(
        [sys.executable, "-m", "lunarfront.cli", *words, "--home", str(home)],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


class Demo:
    """`lunarfront demo --json` on one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.line: dict[str, Any] = {}
        self.process = self._launch()

    def _launch(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lunarfront.cli",
                "demo",
                "--port",
                "0",
                "--home",
                str(self.home),
                "--json",
            ],
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def break_off(self) -> None:
        """Stop it in the middle of its first start, before anything is loaded, and start again."""
        assert self.process.stderr is not None
        next(line for line in self.process.stderr if line.startswith("migrations"))
        assert self.stop() == ""
        self.process = self._launch()

    def wait_ready(self) -> "Demo":
        """Read the one line."""
        assert self.process.stdout is not None
        text = self.process.stdout.readline()
        if not text:
            raise AssertionError(self.process.communicate()[1])
        self.line = json.loads(text)
        return self

    def stop(self) -> str:
        """Send SIGTERM; return what else was on standard output. Every process of it must be gone."""
        family = self.family()
        self.process.send_signal(signal.SIGTERM)
        rest, told = self.process.communicate(timeout=LONGEST_STOP)
        assert self.process.returncode == 0, told
        assert wait_ended(family, 5) == []
        return rest

    def family(self) -> list[psutil.Process]:
        """Every process that belongs to it, servers included."""
        root = psutil.Process(self.process.pid)
        noted = [entry.find() for entry in read_run_file(self.home)[1].values()]
        return [root, *root.children(recursive=True), *(process for process in noted if process)]

    def restart(self) -> dict[str, Any]:
        """Stop, start again and return the new line."""
        assert self.stop() == ""
        self.process = self._launch()
        return self.wait_ready().line

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """Call the API as the administrator, or with another token; return the answer's JSON."""
        headers = {
            "Authorization": f"Bearer {token or self.line['api_token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid7().hex,
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.line["url"] + "/api/v1" + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def sign_in(self, role: str, **more: Any) -> str:
        """Sign in as the person of a role and return the access token."""
        user = next(user for user in self.line["users"] if role in user["roles"])
        body = {"email": user["email"], "password": user["password"], **more}
        token: str = self.call("POST", "/auth/login", body, token="-")["access_token"]
        return token


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A loaded demo whose very first start was broken off."""
    with temporary_home() as home:
        running = Demo(home)
        running.break_off()
        yield running.wait_ready()
        running.stop()
