"""Reads of imports."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lunarfront.domains.importing.models import ImportBatch
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext

SORTS = {"created_at": ImportBatch.created_at}


def list_batches(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of imports, the latest first."""
    statement = select(ImportBatch)
    if "kind" in query:
        statement = statement.where(ImportBatch.kind == query["kind"])
    if "q" in query:
        statement = statement.where(ImportBatch.file_name.icontains(query["q"], autoescape=True))
    return paginate(
        ctx,
        statement,
        query,
        sorts=SORTS,
        key=ImportBatch.id,
        default_sort="-created_at",
        shape=lambda row: row[0],
    )


def batch_of(ctx: CompanyContext, kind: str, sha256: str) -> ImportBatch | None:
    """Return the import of a file that was imported before."""
    found = select(ImportBatch).where(ImportBatch.kind == kind, ImportBatch.sha256 == sha256)
    return ctx.uow.session.execute(found).scalar_one_or_none()
