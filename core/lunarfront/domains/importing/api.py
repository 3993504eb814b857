"""Routes of imports: the file is the body, as ``text/csv`` in UTF-8 (INV-24)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from lunarfront.domains.importing import queries, schemas
from lunarfront.domains.importing.models import ImportBatch
from lunarfront.domains.importing.service.opening_stock import OPENING_STOCK
from lunarfront.domains.importing.service.products import PRODUCTS
from lunarfront.domains.importing.service.runs import Importer, run_import
from lunarfront.domains.importing.service.suppliers import SUPPLIERS
from lunarfront.kernel.api.db_errors import retry_when_violated
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load
from lunarfront.kernel.problems import Problem

MAX_FILE = 10 * 1024 * 1024
_CSV = {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
blp = ApiBlueprint("imports", __name__, description="CSV files of products, suppliers and opening stock.")
retry_when_violated("import_batch_company_id_kind_sha256_key")


def takes_file(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a route whose body is a file: larger than other bodies (SEC-32), described as CSV."""
    described: Callable[..., Any] = blp.doc(requestBody=_CSV)(function)
    described.lf_max_body = MAX_FILE  # type: ignore[attr-defined]
    return described


def _run(ctx: CompanyContext, importer: Importer, query: dict[str, Any]) -> dict[str, Any]:
    if request.mimetype != "text/csv":
        raise Problem("unsupported_media_type", "Send the file itself, as text/csv.")
    data = request.get_data(cache=True)
    return run_import(ctx, importer, data, dry_run=query["dry_run"], file_name=query.get("file_name"))


@blp.endpoint(
    "POST", "/imports/products", permission="catalog.edit", query=schemas.ImportQuery, out=schemas.ImportOut
)
@takes_file
def import_products(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """Import products, a row each; categories named by their path are made."""
    return _run(ctx, PRODUCTS, query)


@blp.endpoint(
    "POST", "/imports/suppliers", permission="catalog.edit", query=schemas.ImportQuery, out=schemas.ImportOut
)
@takes_file
def import_suppliers(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """Import suppliers, a row each."""
    return _run(ctx, SUPPLIERS, query)


@blp.endpoint(
    "POST", "/imports/opening_stock", permission="inventory.adjust", query=schemas.ImportQuery, out=schemas.ImportOut,
    idempotent=True,
)  # fmt: skip
@takes_file
def import_opening_stock(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """Import opening stock; it is posted on today's business date against opening equity."""
    return _run(ctx, OPENING_STOCK, query)


@blp.endpoint(
    "GET", "/imports", permission="catalog.view", query=schemas.BatchQuery, out=page_schema(schemas.BatchOut)
)
def list_imports(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List the files that were imported."""
    return queries.list_batches(ctx, query)


@blp.endpoint("GET", "/imports/<uuid:batch_id>", permission="catalog.view", out=schemas.BatchOut)
def get_import(ctx: CompanyContext, batch_id: UUID) -> ImportBatch:
    """Read what a file brought."""
    return load(ctx, ImportBatch, batch_id)
