"""The trail as CSV: whole, in order, safe to open in a spreadsheet, and itself in the trail (AUD-05, SEC-52)."""

import csv
import io
import json
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from lunarfront.kernel import audit
from lunarfront.kernel.audit_trail.queries import audit_row, trail
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.csv_cells import write_cell
from lunarfront.kernel.records import AuditLog

COLUMNS = (
    "seq", "id", "occurred_at", "actor", "action", "entity_type", "entity_id", "old", "new", "reason_code", "note",
    "approval_required", "approval_id", "user_id", "terminal_id", "location_id", "request_id", "ip",
)  # fmt: skip
IN_MEMORY = 4 * 1024 * 1024
CHUNK = 1000


def export_csv(ctx: CompanyContext, wanted: Mapping[str, Any]) -> IO[bytes]:
    """Return a file with the rows, oldest first, and record that it was taken.

    The file is read from its start; it vanishes when it is closed. Memory does not grow with the trail.
    """
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to the answer
    count = _write(ctx, wanted, file)
    file.seek(0)
    taken = {name: _shown(value) for name, value in wanted.items()}
    audit.record(ctx, "audit.exported", "audit_log", None, new={"rows": count, "filter": taken})
    return file


def _write(ctx: CompanyContext, wanted: Mapping[str, Any], file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    statement = trail(ctx, wanted).order_by(AuditLog.id).execution_options(yield_per=CHUNK)
    for row in ctx.uow.session.execute(statement):
        writer.writerow(_cells(audit_row(row)))
        ctx.uow.session.expunge(row[0])
        count += 1
    text.detach()
    return count


def _cells(row: Mapping[str, Any]) -> list[str]:
    values = (row[name] for name in COLUMNS)
    return [write_cell(json.dumps(v, ensure_ascii=False) if isinstance(v, dict) else v) for v in values]


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | UUID) else str(value)
