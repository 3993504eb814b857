"""What set-up refuses."""

import pytest

from .conftest import PASSWORD, SETUP, Cli


def test_setup_makes_one_company_only(cli: Cli) -> None:
    assert "already" in cli.json(SETUP, PASSWORD + "\n")["error"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (("--currency usd", "--currency XQQ"), "currency"),
        (("--country us", "--country USA"), "country"),
        (("--timezone America/Chicago", "--timezone Mars/Base"), "timezone"),
        (("--email Ann@shop.example", "--email ann"), "email"),
    ],
)
def test_setup_refuses_what_the_api_would_refuse(cli: Cli, wrong: tuple[str, str], field: str) -> None:
    assert field in cli.json(SETUP.replace(*wrong), PASSWORD + "\n")["error"]


@pytest.mark.parametrize("password", ["short", "password123", "", "testville 2026"])
def test_sec_20_setup_refuses_weak_passwords(cli: Cli, password: str) -> None:
    assert "password" in cli.json(SETUP, password + "\n")["error"]


def test_setup_asks_nobody_where_nobody_sits(cli: Cli) -> None:
    done = cli("setup")
    assert done.exit_code == 2
    assert "--company-name" in done.stderr
