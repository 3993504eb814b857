"""`audit` and `check`: clean when nothing was touched, precise when something was (AUD-04, SEC-14, SEC-15)."""

import psycopg
import pytest

from lunarfront.cli.checks import CHECKS
from lunarfront.kernel.runtime.testing import start_test_server
from lunarfront.kernel.runtime.urls import libpq_url, with_database

from .conftest import PASSWORD, Cli


@pytest.fixture(scope="module")
def acted(cli: Cli) -> Cli:
    """A company with a few rows in its audit trail."""
    for name in ("bo", "cy"):
        words = f"users create --email {name}@shop.example --full-name {name} --role staff --password-file -"
        assert cli.json(words, PASSWORD + "\n")["ok"]
    return cli


def as_superuser(cli: Cli, *statements: str) -> None:
    """Change the database behind LunarFront's back."""
    url = with_database(start_test_server(cli.home).admin_url, "lunarfront")
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


def test_aud_04_seal_numbers_what_was_written(acted: Cli) -> None:
    (first,) = acted.json("audit seal")["companies"]
    assert (first["sealed"] + first["left"] > 0, first["left"]) == (True, 0)
    assert acted.json("audit seal")["companies"][0]["sealed"] == 0


def test_aud_04_verify_is_clean_and_knows_its_head(acted: Cli) -> None:
    chains = {row["chain"]: row for row in acted.json("audit verify")["chains"]}
    assert set(chains) == {"audit", "journal"}
    heads = {row["chain"]: row["head"] for row in acted.json("audit head")["heads"]}
    assert heads["audit"] == chains["audit"]["head"]
    assert acted.json(f"audit verify --head audit={heads['audit']}")["ok"]
    number, _, digest = heads["audit"].partition(":")
    cut = acted.json(f"audit verify --head audit={int(number) + 5}:{digest}")
    assert not cut["ok"]


@pytest.mark.parametrize("text", ["audit", "audit=7", "till=1:00", "audit=1:zz"])
def test_a_head_that_is_none_is_wrong_use(acted: Cli, text: str) -> None:
    assert acted(["audit", "verify", "--head", text]).exit_code == 2


def test_sec_15_check_is_clean(acted: Cli) -> None:
    answer = acted.json("check")
    assert answer["ok"]
    names = [row["check"] for row in answer["checks"]]
    assert names == [*CHECKS, "chain: audit", "chain: journal"]


def test_sec_14_a_changed_row_is_named(acted: Cli) -> None:
    acted.json("audit seal")
    as_superuser(
        acted, "UPDATE audit_log SET actor = 'nobody' WHERE id = (SELECT min(id::text)::uuid FROM audit_log)"
    )
    audit = next(row for row in acted.json("audit verify")["chains"] if row["chain"] == "audit")
    assert (audit["ok"], audit["broken"]) == (False, 1)
    answer = acted.json("check")
    assert [row["check"] for row in answer["checks"] if not row["ok"]] == ["chain: audit"]


def test_sec_15_check_finds_what_disagrees(acted: Cli) -> None:
    company = "(SELECT id FROM company)"
    as_superuser(
        acted,
        "INSERT INTO journal_entry_line"
        " (company_id, id, entry_id, line_no, account_code_id, debit, credit, location_id)"
        f" SELECT {company}, gen_random_uuid(), gen_random_uuid(), 1, a.id, 7, 0, l.id"
        " FROM account_code a, location l WHERE a.role = 'inventory'",
        "INSERT INTO stock_balance (company_id, id, variant_id, location_id, qty_on_hand, pool_value)"
        f" SELECT {company}, gen_random_uuid(), gen_random_uuid(), l.id, 3, 9 FROM location l",
    )
    done = acted("check")
    assert done.exit_code == 1
    failed = {row["check"] for row in acted.json("check")["checks"] if not row["ok"]}
    assert {
        "trial balance",
        "stock is the sum of its movements",
        "inventory accounts are the stock's value",
    } <= failed
    assert "qty_on_hand 3.000, qty 0" in done.stdout
