"""Exit codes and plain sentences of the command line (runtime.md §2)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from lunarfront import __version__
from lunarfront.cli import COMMANDS, main

Run = Callable[..., Result]


def test_version(bare: Run) -> None:
    done = bare("--version")
    assert (done.exit_code, done.stdout.strip()) == (0, f"LunarFront {__version__}")


@pytest.mark.parametrize(
    "words", ["nonsense", "db nonsense", "demo --port 70000", "audit verify --company x", "up --no"]
)
def test_wrong_use_is_code_2(bare: Run, words: str) -> None:
    done = bare(words)
    assert done.exit_code == 2
    assert "Usage:" in done.stderr


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(bare: Run, name: str) -> None:
    done = bare(f"{name} --help")
    assert done.exit_code == 0
    assert main.commands == {}  # nothing is imported before it is called


def leaves() -> list[str]:
    """Every command that does something, by its words."""
    names = []
    for name in COMMANDS:
        found = main.get_command(None, name)
        names += [f"{name} {sub}" for sub in found.commands] if hasattr(found, "commands") else [name]
    return names


@pytest.mark.parametrize("words", leaves())
def test_every_command_takes_json(bare: Run, words: str) -> None:
    assert "--json" in bare(f"{words} --help").stdout


def test_unknown_setting_is_a_plain_sentence(bare: Run) -> None:
    done = bare("doctor --json", LUNARFRONT_PROT="8000")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "ok": False,
        "error": "LUNARFRONT_PROT in the environment is not a setting of LunarFront. Did you mean LUNARFRONT_PORT?",
    }
    assert done.stderr.startswith("lunarfront: LUNARFRONT_PROT")


def test_no_database_is_a_plain_sentence(bare: Run, tmp_path: Path) -> None:
    done = bare(f"users list --home {tmp_path}", DATABASE_URL="postgresql://lf_app:x@127.0.0.1:1/none")
    assert done.exit_code == 1
    assert done.stderr.startswith("lunarfront: The database cannot be ")


def test_roles_prints_the_sql_of_sec_01(bare: Run) -> None:
    done = bare("db roles --database shop")
    assert done.exit_code == 0
    assert 'CREATE ROLE "lf_app" LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS' in done.stdout
    assert 'CREATE DATABASE "shop" OWNER "lf_owner"' in done.stdout


def test_doctor_shows_values_with_their_sources_and_masks_secrets(bare: Run, tmp_path: Path) -> None:
    url = "postgresql://lf_app:topsecret@127.0.0.1:1/none"
    done = bare(f"doctor --json --home {tmp_path}", DATABASE_URL=url)
    answer = json.loads(done.stdout)
    shown = {row["name"]: row for row in answer["settings"]}
    assert shown["LUNARFRONT_HOME"] == {
        "name": "LUNARFRONT_HOME",
        "value": str(tmp_path),
        "source": "environment",
    }
    assert shown["DATABASE_URL"]["value"] == "postgresql+psycopg://lf_app:********@127.0.0.1:1/none"
    assert "topsecret" not in done.output
    assert [row["ok"] for row in answer["findings"] if row["name"] == "database"] == [False]
    assert done.exit_code == 1
