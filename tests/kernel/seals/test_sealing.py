"""Numbers without gaps, no sale that waits, and every tampering named (domain-core.md §12: 18 and 23)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lunarfront.kernel.seals import Head, head, seal_company, seal_once, sealables, verify_company
from lunarfront.kernel.seals.verify import Verification
from lunarfront.kernel.uow import UnitOfWork
from tests.kernel.seals.conftest import Trail

pytestmark = pytest.mark.realdb
SEQS = (
    "SELECT s.seq, l.note, l.xact_id::text::bigint AS xid "
    "FROM audit_seal s JOIN audit_log l ON l.id = s.row_id ORDER BY s.seq"
)


def audit_of(found: list[Verification]) -> Verification:
    return next(item for item in found if item.kind == "audit")


def test_aud_04_rows_get_gapless_numbers_in_the_order_of_their_transactions(trail: Trail) -> None:
    trail.add(5)
    outcome = seal_company(trail.core, trail.company_id, wait=0)
    assert (outcome.sealed, outcome.left) == (5, 0)
    found = trail.rows(SEQS)
    assert [(row.seq, row.note) for row in found] == [(n + 1, f"row {n}") for n in range(5)]
    assert trail.rows("SELECT count(*) FROM seal_pending")[0][0] == 0
    assert all(item.ok for item in verify_company(trail.core, trail.company_id, wait=0))


def test_aud_04_nothing_is_sealed_past_an_open_transaction(
    trail: Trail, open_transaction: Callable[[], UnitOfWork]
) -> None:
    trail.add(2)
    slow = open_transaction()
    trail.add(3)
    outcome = seal_company(trail.core, trail.company_id, wait=0)
    assert (outcome.sealed, outcome.left) == (2, 3)
    slow.commit()
    seal_company(trail.core, trail.company_id, wait=0)
    notes = [row.note for row in trail.rows(SEQS)]
    assert notes == ["row 0", "row 1", "slow", "row 0", "row 1", "row 2"]


def test_aud_04_on_demand_the_sealer_waits_for_older_transactions(
    trail: Trail, open_transaction: Callable[[], UnitOfWork]
) -> None:
    slow = open_transaction()
    trail.add(1)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(seal_company, trail.core, trail.company_id, 5)
        slow.commit()
        assert asked.result().left == 0


def test_scenario_23_ten_tills_beside_a_slow_transaction(
    trail: Trail, open_transaction: Callable[[], UnitOfWork]
) -> None:
    slow = open_transaction()
    with ThreadPoolExecutor(10) as tills:
        sold = [tills.submit(trail.add, 6) for _ in range(10)]
        while not all(till.done() for till in sold):
            seal_company(trail.core, trail.company_id, wait=0)
        assert all(len(till.result()) == 6 for till in sold)
    assert trail.rows("SELECT count(*) FROM audit_seal")[0][0] == 0
    slow.commit()
    assert seal_company(trail.core, trail.company_id, wait=0).left == 0
    found = trail.rows(SEQS)
    assert [row.seq for row in found] == list(range(1, 62))
    assert [row.xid for row in found] == sorted(row.xid for row in found)
    assert audit_of(verify_company(trail.core, trail.company_id, wait=0)).ok


def test_aud_04_sealers_side_by_side_make_one_chain(trail: Trail) -> None:
    with ThreadPoolExecutor(6) as pool:
        adding = [pool.submit(trail.add, 10) for _ in range(3)]
        sealing = [pool.submit(seal_company, trail.core, trail.company_id, 2) for _ in range(3)]
        for future in (*adding, *sealing):
            future.result()
    seal_company(trail.core, trail.company_id, wait=5)
    found = audit_of(verify_company(trail.core, trail.company_id, wait=0))
    assert found.ok
    assert found.head is not None
    assert found.head.number == 30


def test_scenario_18_a_changed_row_is_named(trail: Trail) -> None:
    ids = trail.add(4)
    seal_company(trail.core, trail.company_id, wait=0)
    trail.tamper("UPDATE audit_log SET note = 'never happened' WHERE id = %s", ids[2])
    found = audit_of(verify_company(trail.core, trail.company_id, wait=0))
    assert (found.broken, found.reason) == (3, "the row was changed")


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("DELETE FROM audit_log WHERE note = 'row 1'", 2),
        ("DELETE FROM audit_seal WHERE seq = 2", 2),
        ('UPDATE audit_log SET new = \'{"amount": "1.10", "rate": 1.1000}\' WHERE note = \'row 3\'', 4),
        ("UPDATE audit_log SET ip = NULL WHERE note = 'row 0'", 1),
        ("UPDATE audit_log SET created_at = created_at + interval '1 microsecond' WHERE note = 'row 2'", 3),
        ("UPDATE audit_seal SET hash = sha256('x') WHERE seq = 4", 4),
        ("UPDATE audit_seal SET prev_hash = sha256('x') WHERE seq = 2", 2),
        ("UPDATE audit_seal SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)", 2),
    ],
)
def test_sec_14_every_tampering_names_the_first_bad_number(trail: Trail, statement: str, broken: int) -> None:
    trail.add(5)
    seal_company(trail.core, trail.company_id, wait=0)
    trail.tamper(statement)
    trail.tamper("UPDATE audit_seal SET seq = -seq WHERE seq < 0")
    assert audit_of(verify_company(trail.core, trail.company_id, wait=0)).broken == broken


def test_sec_14_a_cut_tail_shows_against_the_printed_head(trail: Trail) -> None:
    trail.add(4)
    printed = audit_of(verify_company(trail.core, trail.company_id, wait=0)).head
    assert printed is not None
    assert audit_of(verify_company(trail.core, trail.company_id, 0, {"audit": printed})).ok
    trail.tamper("DELETE FROM audit_seal WHERE seq > 2")
    trail.tamper("DELETE FROM audit_log WHERE note IN ('row 2', 'row 3')")
    assert audit_of(verify_company(trail.core, trail.company_id, wait=0)).ok
    found = audit_of(verify_company(trail.core, trail.company_id, 0, {"audit": printed}))
    assert (found.broken, found.reason) == (3, "links that were printed are gone")
    trail.add(2)
    rewritten = audit_of(verify_company(trail.core, trail.company_id, 0, {"audit": printed}))
    assert (rewritten.broken, rewritten.reason) == (4, "the link is not the one that was printed")


def test_sec_14_rows_that_wait_for_a_minute_are_a_fault(
    trail: Trail, open_transaction: Callable[[], UnitOfWork]
) -> None:
    open_transaction()
    ids = trail.add(2)
    assert audit_of(verify_company(trail.core, trail.company_id, wait=0)).ok
    trail.tamper("UPDATE audit_log SET created_at = now() - interval '61 seconds' WHERE id = %s", ids[0])
    found = audit_of(verify_company(trail.core, trail.company_id, wait=0))
    assert (found.ok, found.broken, found.overdue) == (False, None, 1)


def test_sec_14_a_row_whose_mark_was_removed_is_a_fault(trail: Trail) -> None:
    ids = trail.add(1)
    trail.tamper("DELETE FROM seal_pending")
    trail.tamper("UPDATE audit_log SET created_at = now() - interval '61 seconds' WHERE id = %s", ids[0])
    assert audit_of(verify_company(trail.core, trail.company_id, wait=0)).overdue == 1


def test_aud_04_a_row_deleted_before_its_seal_does_not_stop_the_others(trail: Trail) -> None:
    ids = trail.add(3)
    trail.tamper("DELETE FROM audit_log WHERE id = %s", ids[1])
    assert seal_company(trail.core, trail.company_id, wait=0).sealed == 2
    assert [row.note for row in trail.rows(SEQS)] == ["row 0", "row 2"]


def test_sec_74_rows_restored_from_another_server_are_sealed(trail: Trail) -> None:
    trail.add(2)
    trail.tamper("UPDATE seal_pending SET xact_id = (xact_id::text::bigint + 1000000)::text::xid8")
    assert seal_company(trail.core, trail.company_id, wait=0).left == 2
    assert seal_company(trail.core, trail.company_id, wait=0, restored=True).left == 0


def test_aud_04_chains_of_companies_are_apart(trail: Trail, realdb: Any) -> None:
    other = replace(trail, company_id=realdb.world.other.id)
    trail.add(2)
    other.add(3)
    for each in (trail, other):
        seal_company(each.core, each.company_id, wait=0)
    with other.core.unit_of_work(other.company_id) as uow:
        found = head(uow)
    assert found is not None
    assert found.number == 3
    assert [row.seq for row in trail.rows(SEQS)] == [1, 2]


def test_aud_04_many_rows_are_sealed_in_chunks(trail: Trail) -> None:
    with trail.core.unit_of_work(trail.company_id) as uow:
        for number in range(1203):
            trail.note(uow, f"bulk {number}")
        uow.commit()
    chain = next(item for item in sealables() if item.kind == "audit")
    assert seal_once(trail.core, trail.company_id, chain) == 1203
    assert audit_of(verify_company(trail.core, trail.company_id, wait=0)).head == Head(
        1203, trail.rows("SELECT hash FROM audit_seal WHERE seq = 1203")[0][0]
    )


def test_sealed_at_is_the_clock_of_the_process(trail: Trail) -> None:
    before = trail.core.clock()
    trail.add(1)
    seal_company(trail.core, trail.company_id, wait=0)
    sealed = trail.rows("SELECT sealed_at FROM audit_seal")[0][0]
    assert timedelta(0) <= sealed - before < timedelta(minutes=1)
