"""How journal entries are numbered and chained: an entry with all its lines is one link (ACC-23)."""

from collections.abc import Sequence
from uuid import UUID

from lunarfront.domains.ledger.models import JournalEntry, JournalEntryLine, JournalSeal
from lunarfront.kernel.seals.sealable import Rows, Sealable, whole_rows
from lunarfront.kernel.uow import UnitOfWork


def _load(uow: UnitOfWork, ids: Sequence[UUID]) -> Rows:
    entries = {
        row["id"]: row | {"lines": []} for row in whole_rows(uow, JournalEntry, JournalEntry.id.in_(ids))
    }
    lines = whole_rows(uow, JournalEntryLine, JournalEntryLine.entry_id.in_(ids))
    for line in sorted(lines, key=lambda row: row["line_no"]):
        if line["entry_id"] in entries:
            entries[line["entry_id"]]["lines"].append(line)
    return entries


SEALABLE = Sealable("journal", JournalEntry, JournalSeal, "entry_id", "number", _load)
