"""The database's own balance of the journal: both holes are shut, against plain SQL of the application (SEC-13)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from lunarfront.kernel.ids import uuid7
from tests.security.conftest import Store

pytestmark = pytest.mark.realdb
HEAD = (
    "INSERT INTO journal_entry (company_id, id, entry_date, event_type, event_id, idempotency_key, total_debits,"
    " total_credits) VALUES (%(company)s, %(entry)s, current_date, 'forged', %(entry)s, %(entry)s::text, %(total)s,"
    " %(total)s)"
)
LINE = (
    "INSERT INTO journal_entry_line (company_id, id, entry_id, line_no, account_code_id, debit, credit, location_id)"
    " VALUES (%(company)s, %(id)s, %(entry)s, %(no)s, %(account)s, %(debit)s, %(credit)s, %(location)s)"
)


class Forger:
    """Writes journal rows as the application's role could."""

    def __init__(self, store: Store, connection: psycopg.Connection[Any]) -> None:
        self.company = store.world.company
        self.connection = connection
        found = connection.execute("SELECT id FROM account_code ORDER BY code LIMIT 1").fetchone()
        assert found is not None
        self.account = found[0]

    def head(self, total: str) -> UUID:
        entry = uuid7()
        values = {"company": self.company.id, "entry": entry, "total": Decimal(total)}
        self.connection.execute(HEAD, values)
        return entry

    def line(self, entry: UUID, no: int, debit: str, credit: str) -> None:
        self.connection.execute(
            LINE,
            {
                "company": self.company.id,
                "id": uuid7(),
                "entry": entry,
                "no": no,
                "account": self.account,
                "location": self.company.location_id,
                "debit": Decimal(debit),
                "credit": Decimal(credit),
            },
        )

    def commit(self) -> None:
        """What the deferred triggers do at commit, without keeping the rows."""
        self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def forger(store: Store) -> Iterator[Forger]:
    with store.connection("app") as connection:
        yield Forger(store, connection)


def refused(forger: Forger, reason: str = "does not balance") -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match=reason):
        forger.commit()


def test_sec_13_a_balanced_entry_is_taken(forger: Forger) -> None:
    entry = forger.head("5.00")
    forger.line(entry, 1, "5.00", "0")
    forger.line(entry, 2, "0", "5.00")
    forger.commit()


def test_sec_13_a_header_without_lines_is_refused(forger: Forger) -> None:
    forger.head("5.00")
    refused(forger)


def test_sec_13_one_line_is_no_entry(forger: Forger) -> None:
    entry = forger.head("5.00")
    forger.line(entry, 1, "5.00", "0")
    refused(forger)


def test_sec_13_lines_out_of_balance_are_refused(forger: Forger) -> None:
    entry = forger.head("5.00")
    forger.line(entry, 1, "5.00", "0")
    forger.line(entry, 2, "0", "4.99")
    refused(forger)


def test_sec_13_lines_that_are_not_the_headers_total_are_refused(forger: Forger) -> None:
    entry = forger.head("7.00")
    forger.line(entry, 1, "5.00", "0")
    forger.line(entry, 2, "0", "5.00")
    refused(forger)


def test_sec_13_a_line_added_to_a_balanced_entry_is_refused(forger: Forger) -> None:
    found = forger.connection.execute("SELECT id FROM journal_entry LIMIT 1").fetchone()
    assert found is not None
    forger.line(found[0], 90, "1.00", "0")
    refused(forger)


def test_sec_13_a_balanced_pair_added_to_a_posted_entry_is_refused(forger: Forger) -> None:
    found = forger.connection.execute("SELECT id FROM journal_entry LIMIT 1").fetchone()
    assert found is not None
    forger.line(found[0], 90, "1.00", "0")
    forger.line(found[0], 91, "0", "1.00")
    refused(forger)


def test_sec_13_a_head_whose_totals_differ_or_are_zero_is_refused(forger: Forger) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="journal_entry_balanced_check"):
        forger.head("0.00")


def test_sec_13_a_line_has_one_side(forger: Forger) -> None:
    entry = forger.head("5.00")
    with pytest.raises(psycopg.errors.CheckViolation, match="one_side"):
        forger.line(entry, 1, "5.00", "5.00")
