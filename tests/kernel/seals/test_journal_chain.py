"""Journal entries are numbered and chained like audit rows, each with all its lines (ACC-23)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lunarfront.domains.ledger.chart import CHART
from lunarfront.domains.ledger.rules import Event, Posting
from lunarfront.domains.ledger.service import post
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.seals import head, seal_company, verify_company
from lunarfront.kernel.seals.verify import Verification
from lunarfront.sdk.testing.contexts import context_of
from lunarfront.sdk.testing.plugin import RealDb
from tests.kernel.seals.conftest import Trail

pytestmark = pytest.mark.realdb
ROLES = [role for _code, _name, _kind, role in CHART if role][:2]


def book(trail: Trail, realdb: RealDb, amount: str) -> UUID:
    company = realdb.world.company
    with trail.core.unit_of_work(company.id) as uow:
        ctx = context_of(uow, company, company.people["admin"].id, utc_now())
        postings = (
            Posting(ROLES[0], Decimal(amount), company.location_id),
            Posting(ROLES[1], -Decimal(amount), company.location_id),
        )
        entry_id = post(ctx, Event("test", "test", uuid7(), date(2026, 11, 24), postings, memo="Entry"))
        uow.commit()
    assert entry_id is not None
    return entry_id


def journal(trail: Trail) -> Verification:
    return next(
        found for found in verify_company(trail.core, trail.company_id, wait=0) if found.kind == "journal"
    )


def test_acc_23_entries_get_gapless_numbers_after_commit(trail: Trail, realdb: RealDb) -> None:
    entries = [book(trail, realdb, f"{n}.50") for n in range(1, 5)]
    assert trail.rows("SELECT count(*) FROM journal_seal")[0][0] == 0
    seal_company(trail.core, trail.company_id, wait=0)
    found = trail.rows("SELECT number, entry_id FROM journal_seal ORDER BY number")
    assert [(row.number, row.entry_id) for row in found] == list(enumerate(entries, start=1))
    assert journal(trail).ok
    with trail.core.unit_of_work(trail.company_id) as uow:
        printed = head(uow, "journal")
    assert printed == journal(trail).head


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry_line SET debit = 3.00 WHERE entry_id = %s AND debit = 2.50",
        "UPDATE journal_entry_line SET memo = 'x' WHERE entry_id = %s",
        "DELETE FROM journal_entry_line WHERE entry_id = %s AND credit = 2.50",
        "UPDATE journal_entry SET entry_date = '2026-11-25' WHERE id = %s",
        "DELETE FROM journal_entry WHERE id = %s",
    ],
)
def test_acc_23_tampering_with_an_entry_or_a_line_is_named(
    trail: Trail, realdb: RealDb, statement: str
) -> None:
    entries = [book(trail, realdb, f"{n}.50") for n in range(1, 4)]
    seal_company(trail.core, trail.company_id, wait=0)
    trail.tamper(statement, entries[1])
    assert journal(trail).broken == 2


def test_acc_23_an_added_line_is_named(trail: Trail, realdb: RealDb) -> None:
    entries: list[Any] = [book(trail, realdb, "5.00") for _ in range(2)]
    seal_company(trail.core, trail.company_id, wait=0)
    trail.tamper(
        "INSERT INTO journal_entry_line"
        " (company_id, id, entry_id, line_no, account_code_id, debit, credit, location_id)"
        " SELECT company_id, gen_random_uuid(), entry_id, line_no + 10, account_code_id, debit, credit, location_id"
        " FROM journal_entry_line WHERE entry_id = %s",
        entries[0],
    )
    assert journal(trail).broken == 1
