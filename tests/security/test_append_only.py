"""What is written once stays: grants, row and statement triggers of every append-only table (AUD-03, SEC-14)."""

import psycopg
import pytest

from lunarfront.kernel.db import db
from lunarfront.kernel.db.registry import import_models
from tests.security.conftest import Store, approval, discounted

pytestmark = pytest.mark.realdb
#: What domain-core.md lists in AUD-03 and what issue 2 has of it.
LISTED = {
    "audit_log",
    "audit_seal",
    "discount_audit",
    "drawer_movement",
    "financial_event",
    "journal_entry",
    "journal_entry_line",
    "journal_seal",
    "stock_movement",
    "stored_value_entry",
    "transaction_line_tax",
}
CHANGES = (
    'UPDATE "{table}" SET created_at = created_at',
    'DELETE FROM "{table}"',
    'TRUNCATE "{table}" CASCADE',
)


def append_only_tables() -> list[str]:
    import_models()
    return sorted(table.name for table in db.metadata.tables.values() if table.info.get("append_only"))


def refusal(connection: psycopg.Connection, statement: str) -> str:
    """The SQLSTATE with which a statement is refused; an empty text when it went through."""
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.Error as error:
        return f"{error.sqlstate} {error.diag.message_primary}"
    return ""


def test_aud_03_the_listed_tables_are_append_only() -> None:
    assert set(append_only_tables()) >= LISTED


def test_aud_03_sec_14_no_role_changes_what_was_written(store: Store) -> None:
    for role, reason in (
        ("app", "42501 permission denied"),
        ("owner", "is append-only"),
        ("admin", "is append-only"),
    ):
        with store.connection(role) as connection:
            for table in append_only_tables():
                found = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
                assert found is not None
                assert found[0] > 0, f"the store has no row in {table}, so nothing is proved about it"
                for change in CHANGES:
                    statement = change.format(table=table)
                    assert reason in refusal(connection, statement), f"{role}: {statement}"


def test_aud_03_the_application_has_no_such_grant(store: Store) -> None:
    wanted = (
        "SELECT c.relname, array_remove(array_agg(CASE WHEN has_table_privilege('lf_app', c.oid, p) THEN p END), NULL)"
        " FROM pg_class c, unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY 1"
    )
    with store.connection("admin") as connection:
        granted = {name: set(rights) for name, rights in connection.execute(wanted)}
    assert {name: granted[name] for name in append_only_tables() if granted[name]} == {}
    assert {
        name: rights for name, rights in granted.items() if rights & {"TRUNCATE", "REFERENCES", "TRIGGER"}
    } == {}


def test_aud_03_single_columns_are_not_granted_either(store: Store) -> None:
    wanted = (
        "SELECT table_name, column_name FROM information_schema.column_privileges"
        " WHERE grantee IN ('lf_app', 'PUBLIC') AND privilege_type = 'UPDATE' AND table_name = ANY(%s)"
    )
    with store.connection("admin") as connection:
        assert connection.execute(wanted, [append_only_tables()]).fetchall() == []


def test_scenario_2_discount_thief(store: Store) -> None:
    item = store.client("manager").get("/variants?q=STR").json["items"][0]["variant_id"]
    staff = store.client("staff")
    asked = staff.post("/transactions", discounted(item))
    assert (asked.status_code, asked.json["code"]) == (409, "approval_required")
    own_pin = staff.post("/transactions", discounted(item) | {"approval": approval("0003")})
    assert own_pin.status_code == 403, own_pin.json
    sold = staff.post("/transactions", discounted(item) | {"approval": approval()})
    assert sold.status_code == 201, sold.json
    audited = "SELECT line_id IS NULL, approval_required, approval_id IS NOT NULL FROM discount_audit"
    with store.connection("app") as connection:
        rows = connection.execute(
            f"{audited} WHERE transaction_id = %s ORDER BY 1", [sold.json["id"]]
        ).fetchall()
        assert rows == [(False, True, True), (True, True, True)]
        assert "42501" in refusal(connection, "UPDATE discount_audit SET amount = 0")
    with store.connection("owner") as connection:
        assert "append-only" in refusal(connection, "UPDATE discount_audit SET amount = 0")
