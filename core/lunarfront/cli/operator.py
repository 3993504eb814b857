"""Whoever may run commands on the machine acts as ``operator`` with every right; what he does is audited."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import click

from lunarfront.cli.installation import Installation
from lunarfront.kernel.context import CompanyContext, Rights
from lunarfront.kernel.permissions import ALLOW, CATALOGUE
from lunarfront.kernel.tenancy.contexts import job_context

company_option = click.option("--company", type=click.UUID, help="Company, where there are several.")
password_option = click.option(
    "--password-file",
    type=click.Path(dir_okay=False, exists=True, allow_dash=True, path_type=Path),
    help="File with the password in its first line, - for standard input; asked for when left out.",
)


@contextmanager
def as_operator(found: Installation, company: UUID | None) -> Iterator[CompanyContext]:
    """Yield the context of the operator in a company; what was done is committed at the end."""
    with found.unit_of_work(company or found.only_company()) as uow:
        ctx = job_context(uow, actor="operator", request_id="command")
        yield replace(ctx, rights=Rights(dict.fromkeys(CATALOGUE, ALLOW)))
        uow.commit()


def read_password(path: Path | None) -> str:
    """Return a new password from a file or standard input, else ask for it twice.

    Raises:
        click.UsageError: nobody can be asked.
    """
    if path is not None:
        text = sys.stdin.readline() if str(path) == "-" else path.read_text(encoding="utf-8")
        return text.splitlines()[0] if text else ""
    require_person("--password-file")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


def ask(value: str | None, option: str, question: str, default: str | None = None) -> str:
    """Return the value of an option, else ask for it.

    Raises:
        click.UsageError: nobody can be asked.
    """
    if value is not None:
        return value
    require_person(option)
    answer: str = click.prompt(question, default=default, err=True)
    return answer


def require_person(option: str) -> None:
    """Insist that somebody sits at the terminal.

    Raises:
        click.UsageError: naming the option that answers the question.
    """
    if not os.isatty(0):
        raise click.UsageError(f"Give {option}, since nobody can be asked here.")
