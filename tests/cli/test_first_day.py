"""The way from an empty database to a company whose administrator can sign in (domain-core.md §12, scenario 1)."""

from .conftest import PASSWORD, SETUP, Cli


def test_setup_opens_the_first_company(empty_cli: Cli) -> None:
    before = empty_cli.json("db current")
    assert before["current"] is None
    assert before["ok"] is False
    refused = empty_cli.json("users list")
    assert "`lunarfront db upgrade`" in refused["error"]

    made = empty_cli.json(SETUP, PASSWORD + "\n")

    assert set(made) == {"ok", "company_id", "location_id", "terminal_id", "drawer_id", "user_id"}
    (user,) = empty_cli.json("users list")["users"]
    assert (user["id"], user["email"], user["roles"]) == (made["user_id"], "ann@shop.example", ["admin"])
    assert empty_cli.json("db current")["ok"]
    assert empty_cli.json("db upgrade")["before"] == empty_cli.json("db current")["head"]
