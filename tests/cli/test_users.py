"""Users over the command line, with the rules of the API."""

import pytest

from lunarfront.cli.command import settings_of
from lunarfront.cli.installation import installation
from lunarfront.kernel.auth.passwords import verify_password

from .conftest import PASSWORD, Cli

CREATE = (
    "users create --email bo@shop.example --full-name Bo --role staff --role technician --password-file -"
)


def stored(cli: Cli, sql: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Rows of the company as the database has them."""
    with installation(settings_of(cli.home)) as found, found.unit_of_work(found.only_company()) as uow:
        return [tuple(row) for row in uow.query(sql)]


def test_usr_09_create_user_with_several_roles(cli: Cli) -> None:
    made = cli.json(CREATE, PASSWORD + "\n")
    assert made["email"] == "bo@shop.example"
    users = {user["email"]: user["roles"] for user in cli.json("users list")["users"]}
    assert users["bo@shop.example"] == ["staff", "technician"]
    assert "address" in cli.json(CREATE, PASSWORD + "\n")["error"]


def test_unknown_role_names_those_that_exist(cli: Cli) -> None:
    told = cli.json(CREATE.replace("staff", "boss").replace("bo@", "cy@"), PASSWORD + "\n")["error"]
    assert "boss" in told
    assert "technician" in told


@pytest.mark.parametrize("bad", ["--staff-number 12", "--email nobody"])
def test_bad_values_are_named_and_change_nothing(cli: Cli, bad: str) -> None:
    before = cli.json("users list")["users"]
    assert not cli.json(f"{CREATE.replace('bo@', 'di@')} {bad}", PASSWORD + "\n")["ok"]
    assert cli.json("users list")["users"] == before


def test_reset_password_ends_sign_ins_and_is_audited(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    done = cli.json("users reset-password --email ANN@shop.example --password-file -", "a cello in C\n")
    assert done["ok"]
    ((hashed,),) = stored(
        cli, "SELECT password_hash FROM app_user WHERE email = 'ann@shop.example'", monkeypatch
    )
    assert verify_password(str(hashed), "a cello in C")
    acts = stored(cli, "SELECT actor, action FROM audit_log ORDER BY id", monkeypatch)
    assert ("operator", "user.password.set") in acts


def test_reset_password_of_nobody(cli: Cli) -> None:
    told = cli.json("users reset-password --email nobody@shop.example --password-file -", PASSWORD + "\n")
    assert "nobody@shop.example" in told["error"]
