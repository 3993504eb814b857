"""What all commands share: ``--json``, ``--home``, plain sentences in place of tracebacks, exit codes."""

import functools
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from lunarfront.kernel.config import OperatorError, Settings, load_settings

OK, FAILED = 0, 1


@dataclass(frozen=True)
class Answer:
    """What a command found: ``data`` for ``--json``, ``lines`` for people; ``ok`` decides the exit code."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: Sequence[str] = ()
    ok: bool = True


def command(function: Callable[..., Answer]) -> Callable[..., None]:
    """Give a command ``--json`` and ``--home``, print its answer and end with its exit code.

    The function gets ``settings`` as its first argument.
    """

    @click.option("--json", "as_json", is_flag=True, help="One line of JSON on standard output.")
    @click.option(
        "--home", type=click.Path(file_okay=False, path_type=Path), help="Data folder (LUNARFRONT_HOME)."
    )
    @functools.wraps(function)
    def run(as_json: bool, home: Path | None, **options: Any) -> None:
        with plain_errors(as_json):
            show(function(settings_of(home), **options), as_json)

    return run


def settings_of(home: Path | None, **more: str) -> Settings:
    """Return the settings of the environment, with another home and further variables where given."""
    given = {"LUNARFRONT_HOME": str(home.absolute())} if home else {}
    return load_settings({**os.environ, **given, **more})


def show(answer: Answer, as_json: bool) -> None:
    """Print an answer and end with its exit code."""
    if as_json:
        click.echo(json.dumps({"ok": answer.ok, **answer.data}, default=str))
    else:
        for line in answer.lines:
            click.echo(line)
    raise SystemExit(OK if answer.ok else FAILED)


@contextmanager
def plain_errors(as_json: bool) -> Iterator[None]:
    """Turn what an operator can put right into a sentence on standard error and exit code 1."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        if as_json:
            click.echo(json.dumps({"ok": False, "error": sentence}))
        click.echo(f"lunarfront: {sentence}", err=True)
        raise SystemExit(FAILED) from None


def sentence_of(error: Exception) -> str | None:
    """Return the sentence of an error that is not a fault of the program, None for all others."""
    from sqlalchemy.exc import DBAPIError, OperationalError

    from lunarfront.kernel.api.db_errors import problem_of
    from lunarfront.kernel.db.migrate import NewerDatabaseError
    from lunarfront.kernel.problems import Problem

    if isinstance(error, OperatorError | NewerDatabaseError):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database cannot be used: {error.orig}".strip()
    if isinstance(error, DBAPIError):
        found = problem_of(error)
        error = found if isinstance(found, Problem) and found.code != "internal_error" else error
    if isinstance(error, Problem):
        return "; ".join([error.detail or error.title, *(f"{e.field}: {e.message}" for e in error.errors)])
    if isinstance(error, PermissionError | FileNotFoundError):
        return f"{error.filename}: {error.strerror}"
    return None
