"""Use case: import one file. Checked first, written only when every row is right, once per file (INV-24)."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lunarfront.domains.importing import queries
from lunarfront.domains.importing.models import ImportBatch
from lunarfront.domains.importing.rules import SheetError, SheetLine, read_sheet
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import FieldError, Problem

MAX_ERRORS = 200


@dataclass
class Plan:
    """What the rows of a file come to: what would be made, what is wrong, and how it is written."""

    created: Mapping[str, int]
    faults: Faults
    write: Callable[[UUID], None] = field(default=lambda _batch_id: None)


@dataclass(frozen=True)
class Importer:
    """One kind of file: its columns, its size and its plan."""

    kind: str
    required: Collection[str]
    optional: Collection[str]
    max_rows: int
    plan: Callable[[CompanyContext, Sequence[SheetLine]], Plan]


def run_import(
    ctx: CompanyContext, importer: Importer, data: bytes, *, dry_run: bool, file_name: str | None = None
) -> dict[str, Any]:
    """Import a file, or with ``dry_run`` tell what that would do.

    Returns:
        ``ImportOut``. A file that was imported before is not imported again; a dry run lists wrong rows.

    Raises:
        Problem: ``validation_failed`` for a file that cannot be read, naming line and column, and without
            ``dry_run`` for wrong rows; nothing is imported then.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if not dry_run:
        _wait_for_twins(ctx, importer.kind, sha256)
    known = queries.batch_of(ctx, importer.kind, sha256)
    if known is not None:
        return _report(
            importer, dry_run, known.row_count, known.result["created"], batch_id=known.id, repeated=True
        )
    lines = _lines(importer, data)
    plan = importer.plan(ctx, lines)
    if dry_run:
        return _report(importer, True, len(lines), plan.created, errors=plan.faults.errors)
    if plan.faults.errors:
        raise _refused(plan.faults.errors)
    batch_id = _write(ctx, importer, plan, sha256, len(lines), file_name)
    return _report(importer, False, len(lines), plan.created, batch_id=batch_id)


def _wait_for_twins(ctx: CompanyContext, kind: str, sha256: str) -> None:
    """Let the same file that is being imported at this moment finish, so that it is then seen as imported."""
    subject = f"import {ctx.company.id} {kind} {sha256}"
    ctx.uow.query("SELECT pg_advisory_xact_lock(hashtextextended(%(subject)s, 0))", {"subject": subject})


def _lines(importer: Importer, data: bytes) -> list[SheetLine]:
    try:
        return read_sheet(data, importer.required, importer.optional, importer.max_rows)
    except SheetError as error:
        place = f"line {error.line}, column {error.column}"
        fault = FieldError(place, "validation_failed", error.message)
        raise Problem("validation_failed", f"{place}: {error.message}", errors=(fault,)) from error


def _refused(errors: Sequence[FieldError]) -> Problem:
    shown = tuple(errors[:MAX_ERRORS])
    detail = f"{len(errors)} mistakes, nothing was imported. First: {errors[0].field}: {errors[0].message}"
    return Problem("validation_failed", detail, errors=shown, extra={"error_count": len(errors)})


def _write(
    ctx: CompanyContext, importer: Importer, plan: Plan, sha256: str, row_count: int, file_name: str | None
) -> UUID:
    batch_id = uuid7()
    plan.write(batch_id)
    ctx.uow.add(
        ImportBatch,
        id=batch_id,
        kind=importer.kind,
        file_name=file_name,
        sha256=sha256,
        row_count=row_count,
        result={"created": dict(plan.created)},
        user_id=ctx.require_user().id,
    )
    new = {"kind": importer.kind, "rows": row_count, "sha256": sha256, "created": plan.created}
    audit.record(ctx, "import.completed", "import_batch", batch_id, new=new)
    ctx.uow.flush()
    return batch_id


def _report(
    importer: Importer,
    dry_run: bool,
    row_count: int,
    created: Mapping[str, int],
    *,
    batch_id: UUID | None = None,
    repeated: bool = False,
    errors: Sequence[FieldError] = (),
) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "kind": importer.kind,
        "dry_run": dry_run,
        "repeated": repeated,
        "valid": not errors,
        "row_count": row_count,
        "created": created,
        "error_count": len(errors),
        "errors": errors[:MAX_ERRORS],
    }
