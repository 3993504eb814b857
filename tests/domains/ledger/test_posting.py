"""Posting of events: once, balanced, netted, dated, reversible once."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event, UnbalancedError, credit, debit, net_lines
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem

D = Decimal


def event(ctx: CompanyContext, *amounts: str, source: UUID | None = None) -> Event:
    assert ctx.location
    here = ctx.location.id
    postings = [debit("cash_drawer", D(a), here) for a in amounts] + [
        credit("sales", D(a), here) for a in amounts
    ]
    return Event("test_event", "test", source or uuid7(), ctx.business_date(), tuple(postings), "Test")


def test_acc_01_an_event_becomes_one_entry_on_its_business_date(ctx: CompanyContext) -> None:
    entry = ledger.post(ctx, event(ctx, "5.00", "2.50"))
    ctx.uow.commit()
    (row,) = ctx.uow.query(
        "SELECT e.id, e.entry_date, e.total_debits, f.posted_entry_id FROM journal_entry e "
        "JOIN financial_event f ON f.posted_entry_id = e.id"
    )
    assert (row.id, row.posted_entry_id, row.total_debits) == (entry, entry, D("7.50"))
    assert row.entry_date == ctx.business_date()  # ACC-06


def test_acc_02_an_event_is_never_posted_twice(ctx: CompanyContext) -> None:
    source = uuid7()
    ledger.post(ctx, event(ctx, "5.00", source=source))
    ctx.uow.flush()
    ledger.post(ctx, event(ctx, "5.00", source=source))
    with pytest.raises(DBAPIError, match="journal_entry_company_id_idempotency_key_key"):
        ctx.uow.flush()


def test_acc_03_an_unbalanced_rule_is_refused_and_kept_with_its_error(ctx: CompanyContext) -> None:
    assert ctx.location
    wrong = Event(
        "test_event", "test", uuid7(), ctx.business_date(), (debit("sales", D("1.00"), ctx.location.id),)
    )
    with pytest.raises(Problem, match="internal_error"):
        ledger.post(ctx, wrong)
    (keep,) = ctx.uow.take_failure_actions()
    keep(ctx.uow)
    ctx.uow.flush()
    (row,) = ctx.uow.query("SELECT error, posted_entry_id FROM financial_event")
    assert "differ" in row.error
    assert row.posted_entry_id is None


def test_acc_04_lines_are_netted_and_zero_ones_dropped() -> None:
    here = UUID(int=1)
    lines = net_lines(
        [
            debit("cogs", D("3.00"), here),
            credit("cogs", D("3.00"), here),
            debit("ar", D("2.00"), here),
            credit("sales", D("2.00"), here),
        ]
    )
    assert [(line.role, line.amount) for line in lines] == [("ar", D("2.00")), ("sales", D("-2.00"))]
    with pytest.raises(UnbalancedError):
        net_lines([debit("ar", D("0.01"), here)])


def test_acc_04_an_event_without_amounts_posts_no_entry(ctx: CompanyContext) -> None:
    assert ledger.post(ctx, event(ctx, "0.00")) is None
    ctx.uow.commit()
    assert ctx.uow.query("SELECT 1 FROM journal_entry") == []
    assert ctx.uow.query("SELECT error, posted_entry_id FROM financial_event") == [(None, None)]


def test_acc_07_a_reversal_is_equal_and_opposite_and_final(ctx: CompanyContext) -> None:
    entry = ledger.post(ctx, event(ctx, "5.00"))
    ctx.uow.flush()
    assert entry is not None
    reversal = ledger.reverse(ctx, entry, "test", uuid7(), "test_reversed")
    ctx.uow.flush()
    assert reversal is not None
    assert (
        ctx.uow.query(
            "SELECT 1 FROM journal_entry_line GROUP BY account_code_id HAVING sum(debit - credit) <> 0"
        )
        == []
    )
    for already in (entry, reversal):
        with pytest.raises(Problem, match="conflict"):
            ledger.reverse(ctx, already, "test", uuid7(), "test_reversed")


def test_acc_08_a_locked_period_moves_the_entry_to_the_first_open_day(ctx: CompanyContext) -> None:
    from datetime import timedelta

    from lunarfront.domains.ledger.models import AccountingPeriod

    today = ctx.business_date()
    ctx.uow.add(
        AccountingPeriod,
        starts_on=today - timedelta(days=5),
        ends_on=today + timedelta(days=2),
        status="locked",
    )
    ctx.uow.flush()
    ledger.post(ctx, event(ctx, "5.00"))
    ctx.uow.commit()
    (row,) = ctx.uow.query("SELECT entry_date, original_event_date FROM journal_entry")
    assert (row.entry_date, row.original_event_date) == (today + timedelta(days=3), today)
