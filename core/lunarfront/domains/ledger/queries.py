"""Reads of the books: journal entries with their lines, as people read them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.ledger.models import AccountCode, JournalEntry, JournalEntryLine, JournalSeal
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext

Row = dict[str, Any]


def entries_of(ctx: CompanyContext, event_id: UUID) -> list[Row]:
    """Return the entries that an event of this id booked, the oldest first."""
    statement = select(JournalEntry).where(JournalEntry.event_id == event_id).order_by(JournalEntry.id)
    return _shown(ctx, ctx.uow.session.execute(statement).scalars().all())


def list_entries(ctx: CompanyContext, query: Mapping[str, Any]) -> Row:
    """Return one page of entries, newest first."""
    page = paginate(
        ctx,
        select(JournalEntry),
        query,
        sorts={"date": JournalEntry.entry_date},
        key=JournalEntry.id,
        default_sort="-date",
        shape=lambda row: row[0],
    )
    return page | {"items": _shown(ctx, page["items"])}


def _shown(ctx: CompanyContext, entries: Sequence[JournalEntry]) -> list[Row]:
    ids = [entry.id for entry in entries]
    lines, numbers = _lines(ctx, ids), _numbers(ctx, ids)
    return [
        {
            "number": numbers.get(entry.id),
            "date": entry.entry_date,
            "description": entry.memo or entry.event_type.replace(".", " ").replace("_", " "),
            "event_type": entry.event_type,
            "event_id": entry.event_id,
            "debit_total": entry.total_debits,
            "credit_total": entry.total_credits,
            "lines": lines[entry.id],
        }
        for entry in entries
    ]


def _lines(ctx: CompanyContext, entry_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    line = JournalEntryLine
    statement = (
        select(line.entry_id, line.debit, line.credit, AccountCode.code, AccountCode.name)
        .join(AccountCode, AccountCode.id == line.account_code_id)
        .where(line.entry_id.in_(entry_ids))
        .order_by(line.entry_id, line.line_no)
    )
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in ctx.uow.session.execute(statement):
        shown = {"account_code": row.code, "account_name": row.name, "debit": row.debit, "credit": row.credit}
        found[row.entry_id].append(shown)
    return found


def _numbers(ctx: CompanyContext, entry_ids: Sequence[UUID]) -> dict[UUID, int]:
    statement = select(JournalSeal.entry_id, JournalSeal.number).where(JournalSeal.entry_id.in_(entry_ids))
    return {row.entry_id: row.number for row in ctx.uow.session.execute(statement)}
