"""One installation for the commands of a module: a home of its own with a running server."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lunarfront.cli import main
from lunarfront.kernel.runtime.testing import start_test_server, stop_test_server, temporary_home

PASSWORD = "violin bow rosin"
SETUP = (
    "setup --company-name Testville --currency usd --country us --timezone America/Chicago --location Main "
    "--full-name Ann --email Ann@shop.example --password-file -"
)


def clean_environment(home: Path) -> dict[str, str | None]:
    """The environment of a command: this home, and nothing of the test run's own settings."""
    ours = [name for name in os.environ if name.startswith(("LUNARFRONT_", "DATABASE_", "REDIS_"))]
    return dict.fromkeys(ours, None) | {"LUNARFRONT_HOME": str(home)}


@dataclass(frozen=True)
class Cli:
    """Runs commands of one home in this process."""

    home: Path

    def __call__(self, words: str | list[str], typed: str = "") -> Result:
        """Run a command line; ``typed`` is its standard input."""
        arguments = words.split() if isinstance(words, str) else words
        return CliRunner().invoke(main, arguments, input=typed, env=clean_environment(self.home))

    def json(self, words: str, typed: str = "") -> dict[str, Any]:
        """Run a command with ``--json`` and return what it printed as its one line."""
        done = self(f"{words} --json", typed)
        assert len(done.stdout.splitlines()) == 1, done.output
        answer: dict[str, Any] = json.loads(done.stdout)
        assert answer["ok"] == (done.exit_code == 0)
        return answer


@pytest.fixture(scope="module")
def empty_cli() -> Iterator[Cli]:
    """A home with a running server and an empty database."""
    with temporary_home() as home:
        start_test_server(home)
        yield Cli(home)
        stop_test_server(home)


@pytest.fixture(scope="module")
def cli(empty_cli: Cli) -> Cli:
    """A home where set-up has made the first company."""
    done = empty_cli(SETUP, PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    return empty_cli


@pytest.fixture
def bare() -> Callable[..., Result]:
    """Runs commands that need no home."""
    return lambda words, **env: CliRunner().invoke(main, words.split(), env=env)
