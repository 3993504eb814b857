"""``lunarfront setup``: the first company with its administrator (domain-core.md §12, scenario 1)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from lunarfront.cli.command import Answer, command
from lunarfront.cli.installation import Installation, database, installation
from lunarfront.cli.marker import require_kind
from lunarfront.cli.operator import ask, password_option, read_password
from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.errors import StartRefused

QUESTIONS = {
    "company": ("--company-name", "Name of the company", None),
    "currency": ("--currency", "Currency (ISO 4217)", "USD"),
    "country": ("--country", "Country (ISO 3166, two letters)", "US"),
    "timezone": ("--timezone", "Time zone", "America/Chicago"),
    "location": ("--location", "Name of the first location", "Main store"),
    "full_name": ("--full-name", "Your name", None),
    "email": ("--email", "Your e-mail address", None),
}


@click.command("setup")
@click.option("--company-name", "company", help="Name of the company.")
@click.option("--currency", help="ISO 4217 code, such as USD.")
@click.option("--country", help="ISO 3166 code, such as US.")
@click.option("--timezone", help="IANA name, such as America/Chicago.")
@click.option("--location", help="Name of the first location.")
@click.option(
    "--price-mode", type=click.Choice(["exclusive", "inclusive"]), default="exclusive", show_default=True
)
@click.option("--full-name", help="Name of the administrator.")
@click.option("--email", help="E-mail address of the administrator.")
@password_option
@command
def setup(settings: Settings, price_mode: str, password_file: Path | None, **given: str | None) -> Answer:
    """Make the first company: location, till, drawer, roles, chart, and an administrator. Asks what is left out."""
    answers = {name: ask(given[name], *QUESTIONS[name]) for name in QUESTIONS}
    values = _checked(answers, read_password(password_file), price_mode)
    with database(settings, prepare=True) as urls:
        require_kind(urls.app_url, demo=False)
        _migrate(urls.require_owner())
        with installation(settings) as found:
            made = _make(found, values)
    lines = [f"{values['company']} is open. `lunarfront up` starts it; sign in as {values['email']}."]
    return Answer(made, lines)


def _checked(answers: Mapping[str, str], password: str, price_mode: str) -> dict[str, str]:
    """Return the values in their normal form.

    Raises:
        Problem: ``validation_failed``, naming the first wrong one.
    """
    from lunarfront.cli.setup_values import check_answers
    from lunarfront.kernel.auth.password_rules import check_new_password

    values = check_answers(answers)
    check_new_password(password, values["company"])
    return values | {"password": password, "price_mode": price_mode}


def _migrate(owner_url: str) -> None:
    from lunarfront.kernel.db.migrate import upgrade

    upgrade(owner_url)


def _make(found: Installation, values: Mapping[str, str]) -> dict[str, Any]:
    from lunarfront.domains.setup.service import NewCompany, add_user, open_company
    from lunarfront.kernel.auth.passwords import hash_password
    from lunarfront.kernel.ids import uuid7

    if found.company_ids():
        raise StartRefused("There is a company already; further ones are made over the API (ORG-04).")
    with found.unit_of_work(uuid7()) as uow:
        opened = open_company(
            uow,
            NewCompany(
                values["company"],
                values["currency"],
                values["country"],
                values["timezone"],
                price_mode=values["price_mode"],
                location_name=values["location"],
            ),
        )
        user_id = add_user(
            uow,
            email=values["email"],
            full_name=values["full_name"],
            password_hash=hash_password(values["password"]),
            role_ids=[opened.role_ids["admin"]],
        )
        uow.commit()
    return {
        "company_id": opened.company_id,
        "location_id": opened.location_id,
        "terminal_id": opened.terminal_id,
        "drawer_id": opened.drawer_id,
        "user_id": user_id,
    }
