"""What every tenant table has, read from the database's own catalogue (runtime.md §4, SEC-02, SEC-05)."""

import pytest
from sqlalchemy import Connection, text

#: Tables that belong to no company, each with its reason.
SHARED = {
    "alembic_version": "the state of the history",
    "company": "the tenant itself; its own id is the key of the policy",
    "address_counter": "tries by network address before a company is known; no data of a company (SEC-21)",
}

TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id') AS tenant
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
KEYS = """
SELECT t.relname AS name, k.conname, k.contype AS kind, f.relname AS target,
       (SELECT array_agg(a.attname::text ORDER BY o.n) FROM unnest(k.conkey) WITH ORDINALITY o(num, n)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.num) AS columns
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
WHERE t.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f')
"""
UNIQUE_INDEXES = """
SELECT t.relname AS name, i.relname AS index, x.indkey[0] = a.attnum AS starts_with_company
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'company_id'
WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique
"""


@pytest.fixture
def tenants(connection: Connection) -> set[str]:
    return {row.name for row in connection.execute(text(TABLES)) if row.tenant}


def keys(connection: Connection, kind: str) -> list:
    return [row for row in connection.execute(text(KEYS)) if row.kind == kind]


def test_sec_02_every_table_is_a_tenants_or_named_here(connection: Connection) -> None:
    assert {row.name for row in connection.execute(text(TABLES)) if not row.tenant} <= set(SHARED)


def test_sec_02_row_security_is_enabled_and_forced(connection: Connection) -> None:
    tables = [row for row in connection.execute(text(TABLES)) if row.tenant or row.name == "company"]
    assert len(tables) > 50
    assert not [row.name for row in tables if not (row.enabled and row.forced)]


def test_sec_05_primary_keys_begin_with_the_company(connection: Connection, tenants: set[str]) -> None:
    found = {row.name: row.columns for row in keys(connection, "p") if row.name in tenants}
    assert set(found) == tenants
    assert not {name: columns for name, columns in found.items() if columns[0] != "company_id"}


def test_sec_05_foreign_keys_carry_the_company(connection: Connection, tenants: set[str]) -> None:
    foreign = [row for row in keys(connection, "f") if row.name in tenants and row.target in tenants]
    assert not [row.conname for row in foreign if row.columns[0] != "company_id"]


def test_sec_05_unique_means_unique_within_the_company(connection: Connection) -> None:
    rows = connection.execute(text(UNIQUE_INDEXES))
    assert not [row.index for row in rows if not row.starts_with_company]
