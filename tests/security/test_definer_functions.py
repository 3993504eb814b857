"""Functions that see more than their caller: few, reviewed, and never a way into another company (SEC-07, SEC-08)."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.security.conftest import Store

pytestmark = pytest.mark.realdb
#: Every one of them with its reason; those of the first group read the company from the transaction.
SEARCH = {
    "lf_search_accounts": "type-ahead of customers",
    "lf_find_accounts": "search of customers",
    "lf_alike_accounts": "duplicates of customers",
    "lf_variants_with_words": "search of items by all words",
    "lf_similar_variants": "search of items with misspelt words",
}
BEFORE_THE_COMPANY = {
    "lf_sign_in_candidates": "one row for each company with exactly this address (USR-11)",
    "lf_opened_company": "the company that the same request opened before (ORG-04)",
    "lf_company_ids": "work over all companies, one transaction each",
    "lf_companies_with_due_jobs": "dispatcher",
    "lf_companies_with_due_schedules": "scheduler",
    "lf_companies_to_seal": "sealer",
    "lf_job_backlog": "health: three numbers",
}
FUNCTIONS = """
SELECT p.proname, r.rolname, p.proleakproof, array_to_string(p.proconfig, ',') AS config,
       has_function_privilege('lf_app', p.oid, 'EXECUTE'), has_function_privilege('lf_backup', p.oid, 'EXECUTE'),
       EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0) OR p.proacl IS NULL
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
"""
CALLS = {
    "lf_search_accounts": "SELECT * FROM lf_search_accounts(%s, 50)",
    "lf_find_accounts": "SELECT * FROM lf_find_accounts(%s, true, 50)",
    "lf_alike_accounts": "SELECT * FROM lf_alike_accounts(%s, 50)",
    "lf_variants_with_words": "SELECT * FROM lf_variants_with_words(%s, array['%%str%%'], 50)",
    "lf_similar_variants": "SELECT * FROM lf_similar_variants(%s, 0.01, 50)",
}


def test_sec_07_only_reviewed_functions_see_more_than_their_caller(store: Store) -> None:
    with store.connection("admin") as connection:
        rows = connection.execute(FUNCTIONS).fetchall()
    assert {row[0] for row in rows} == SEARCH.keys() | BEFORE_THE_COMPANY.keys()
    for name, owner, leakproof, config, app, backup, everybody in rows:
        assert (owner, leakproof) == ("lf_search", False), name
        assert "search_path=pg_catalog, public" in config, name
        assert (app, backup, everybody) == (True, False, False), name


def test_sec_07_no_function_of_ours_is_called_leakproof(store: Store) -> None:
    wanted = "SELECT proname FROM pg_proc WHERE proleakproof AND proname LIKE 'lf\\_%'"
    with store.connection("admin") as connection:
        assert connection.execute(wanted).fetchall() == []


def test_sec_08_search_writes_nothing_and_nobody_signs_in_as_it(store: Store) -> None:
    wanted = (
        "SELECT c.relname FROM pg_class c, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND has_table_privilege('lf_search', c.oid, p)"
    )
    with store.connection("admin") as connection:
        assert connection.execute(wanted).fetchall() == []
        assert connection.execute(
            "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'lf_search'"
        ).fetchone() == (False,)


def test_sec_07_every_search_function_is_called_here() -> None:
    assert CALLS.keys() == SEARCH.keys()


@pytest.mark.parametrize("name", CALLS)
def test_sec_07_threat_4_search_never_finds_the_other_companys_rows(store: Store, name: str) -> None:
    """Both companies have the same words, so whatever looks across would find twice as much."""
    found = {}
    for company in (store.world.company, store.world.other):
        rows: list[Any] = []
        with store.connection("app") as connection:
            connection.execute("SELECT set_config('app.company_id', %s, true)", [str(company.id)])
            for words in ("stranger", "str", "%str%", "item", "st", "%", "_", ""):
                rows += connection.execute(CALLS[name], [words]).fetchall()
            own = {
                row[0]
                for row in connection.execute(
                    "SELECT id FROM account UNION ALL SELECT id FROM product_variant"
                )
            }
        ids = {row[0] for row in rows}
        assert ids <= own, name
        found[company.id] = ids
    first, second = found.values()
    assert first
    assert second
    assert not first & second


@pytest.mark.parametrize("name", CALLS)
def test_sec_07_search_without_a_company_raises(store: Store, name: str) -> None:
    with store.connection("app") as connection:
        connection.execute("SELECT set_config('app.company_id', '', true)")
        with pytest.raises(psycopg.Error):
            connection.execute(CALLS[name], ["stranger"]).fetchall()


def test_sec_08_sign_in_takes_whole_addresses_alone(store: Store) -> None:
    with store.connection("app") as connection:
        for address in ("%", "staff@%", "staff", "", "' OR true --"):
            assert (
                connection.execute("SELECT * FROM lf_sign_in_candidates(%s)", [address]).fetchall() == []
            ), address
        rows = connection.execute(
            "SELECT company_id FROM lf_sign_in_candidates('staff@b.example')"
        ).fetchall()
    assert rows == [(store.world.other.id,)]


def test_sec_08_lists_of_companies_are_ids_and_nothing_more(store: Store) -> None:
    with store.connection("app") as connection:
        for name in (
            "lf_company_ids",
            "lf_companies_with_due_jobs",
            "lf_companies_with_due_schedules",
            "lf_companies_to_seal",
        ):
            for row in connection.execute(f"SELECT * FROM {name}()"):
                assert len(row) == 1
                assert isinstance(row[0], UUID)
