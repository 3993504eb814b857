"""`up` and `down`: a shop under one supervisor, from set-up to the last process gone (runtime.md §7)."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from lunarfront.kernel.runtime.run_file import read_run_file
from lunarfront.kernel.runtime.testing import temporary_home
from lunarfront.kernel.runtime.waiting import until

from .conftest import PASSWORD, SETUP, Cli

pytestmark = pytest.mark.slow


def start(home: Path) -> "subprocess.Popen[str]":
    """Start everything on this home, on a free port."""
    ours = ("LUNARFRONT_", "DATABASE_", "REDIS_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    words = ["up", "--port", "0", "--home", str(home), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "lunarfront.cli", *words],
        env=env | {"LUNARFRONT_METRICS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_up_serves_until_down() -> None:
    with temporary_home() as home:
        cli = Cli(home)
        empty = start(home)
        told = empty.communicate()
        assert empty.returncode == 1
        assert "`lunarfront db upgrade`" in json.loads(told[0])["error"]
        assert cli.json(SETUP, PASSWORD + "\n")["ok"]

        running = start(home)
        assert running.stdout is not None
        line = json.loads(running.stdout.readline())

        assert line["ready"]
        with urllib.request.urlopen(line["url"] + "/api/v1/health") as answer:
            assert json.loads(answer.read())["db"] == "connected"
        assert until(lambda: {"web", "dispatcher", "worker-1"} <= set(read_run_file(home)[1]), 30)
        assert cli.json("check")["ok"]
        assert cli.json("down")["stopped"]
        assert running.communicate()[0] == ""
        assert running.returncode == 0
        assert not cli.json("down")["stopped"]
