"""Posting: every financial event becomes exactly one entry, in the transaction of its flow (ACC-01 to ACC-08)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from lunarfront.domains.ledger.models import FinancialEvent, JournalEntry, JournalEntryLine
from lunarfront.domains.ledger.roles import account_ids
from lunarfront.domains.ledger.rules import Event, Posting, UnbalancedError, net_lines, total_debits
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.records import SealPending
from lunarfront.kernel.uow import UnitOfWork

PERIOD_SQL = (
    "SELECT status, ends_on FROM accounting_period WHERE company_id = %(company)s AND starts_on <= %(day)s "
    "AND ends_on >= %(day)s"
)


@dataclass(frozen=True)
class PeriodState:
    """Status of the period of a date: open (also where no period row stands), soft_closed or locked."""

    status: str = "open"
    ends_on: date | None = None


def post(ctx: CompanyContext, event: Event, period: PeriodState | None = None) -> UUID | None:
    """Collect event, entry and lines; return the entry's id, None when all lines drop (ACC-04).

    Args:
        ctx: the context; rows go into its unit of work.
        event: what happened with the postings of its rule.
        period: state of the period of its date, when the caller has read it already.

    Raises:
        Problem: ``internal_error`` when the rule does not balance; the event is kept with the error (ACC-03).
            ``period_locked`` when the period is soft-closed and the user may not post there.
    """
    try:
        lines = net_lines(event.postings)
    except UnbalancedError as error:
        raise _kept_with_error(ctx, event, str(error)) from error
    entry_date = _entry_date(ctx, event.business_date, period)
    entry_id = uuid7() if lines else None
    _add_event(ctx.uow, event, entry_id)
    if entry_id is not None:
        _add_entry(ctx, event, entry_id, entry_date, lines)
    return entry_id


def _add_event(uow: UnitOfWork, event: Event, entry_id: UUID | None, error: str | None = None) -> None:
    uow.add(
        FinancialEvent,
        event_type=event.event_type,
        source_type=event.source_type,
        source_id=event.source_id,
        payload=event.payload or {},
        business_date=event.business_date,
        posted_entry_id=entry_id,
        error=error,
    )


def _add_entry(
    ctx: CompanyContext, event: Event, entry_id: UUID, entry_date: date, lines: list[Posting]
) -> None:
    total = total_debits(lines)
    ctx.uow.add(
        JournalEntry,
        id=entry_id,
        entry_date=entry_date,
        event_type=event.event_type,
        event_id=event.source_id,
        idempotency_key=event.idempotency_key,
        memo=event.memo,
        reverses_id=event.reverses_id,
        original_event_date=event.business_date if entry_date != event.business_date else None,
        total_debits=total,
        total_credits=total,
        created_by=ctx.user.id if ctx.user else None,
        approval_id=event.approval_id,
    )
    codes = account_ids(ctx)
    for line_no, line in enumerate(lines, start=1):
        ctx.uow.add(JournalEntryLine, **_line(entry_id, line_no, line, codes))
    ctx.uow.add(SealPending, kind="journal", row_id=entry_id)


def _line(entry_id: UUID, line_no: int, line: Posting, codes: Mapping[str, UUID]) -> dict[str, Any]:
    if line.role not in codes:
        raise Problem("internal_error", f"The chart has no active account for {line.role}.")
    return {
        "entry_id": entry_id,
        "line_no": line_no,
        "account_code_id": codes[line.role],
        "debit": line.amount if line.amount > 0 else ZERO,
        "credit": -line.amount if line.amount < 0 else ZERO,
        "location_id": line.location_id,
        "account_id": line.account_id,
        "supplier_id": line.supplier_id,
        "tax_component_id": line.tax_component_id,
    }


def _entry_date(ctx: CompanyContext, day: date, period: PeriodState | None) -> date:
    """The event's date; a locked period moves it to the first open day after (ACC-08)."""
    state = period or period_state(ctx.uow, day)
    while state.status == "locked" and state.ends_on is not None:
        day = state.ends_on + timedelta(days=1)
        state = period_state(ctx.uow, day)
    if state.status == "soft_closed" and not ctx.rights.allows("accounting.post_closed"):
        raise Problem("period_locked", f"The period of {day} is closed.")
    return day


def period_state(uow: UnitOfWork, day: date) -> PeriodState:
    """Read the state of the period of a date."""
    rows = uow.query(PERIOD_SQL, {"company": uow.company_id, "day": day})
    return PeriodState(rows[0].status, rows[0].ends_on) if rows else PeriodState()


def _kept_with_error(ctx: CompanyContext, event: Event, error: str) -> Problem:
    """The flow rolls back; the event is written afterwards with what went wrong (ACC-03)."""
    ctx.uow.on_failure(lambda uow: _add_event(uow, event, None, error))
    return Problem("internal_error", f"The entry of {event.event_type} does not balance.")


def reverse(
    ctx: CompanyContext, entry_id: UUID, source_type: str, source_id: UUID, event_type: str
) -> UUID | None:
    """Post the equal and opposite entry (ACC-07, JE-30).

    Raises:
        Problem: ``not_found``; ``conflict`` for the reversal of a reversal, or a second one.
    """
    rows = ctx.uow.query(_ENTRY_SQL, {"company": ctx.company.id, "entry": entry_id})
    if not rows:
        raise Problem("not_found")
    if rows[0].reverses_id is not None or rows[0].reversed_by is not None:
        raise Problem("conflict", "This entry is a reversal, or is reversed already.")
    postings = tuple(
        Posting(r.role, r.credit - r.debit, r.location_id, r.account_id, r.supplier_id, r.tax_component_id)
        for r in rows
    )
    event = Event(
        event_type, source_type, source_id, ctx.business_date(), postings, "Reversal", reverses_id=entry_id
    )
    return post(ctx, event)


_ENTRY_SQL = """
SELECT e.reverses_id, (SELECT r.id FROM journal_entry r WHERE r.company_id = e.company_id AND r.reverses_id = e.id)
       AS reversed_by, l.debit, l.credit, l.location_id, l.account_id, l.supplier_id, l.tax_component_id,
       coalesce(c.role, c.code) AS role
FROM journal_entry e
JOIN journal_entry_line l ON l.company_id = e.company_id AND l.entry_id = e.id
JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id
WHERE e.company_id = %(company)s AND e.id = %(entry)s ORDER BY l.line_no
"""
