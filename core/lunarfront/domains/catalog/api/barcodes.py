"""Routes of barcodes (INV-04)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.models import ProductBarcode
from lunarfront.domains.catalog.queries import products as queries
from lunarfront.domains.catalog.schemas.products import BarcodeChange, BarcodeNew, BarcodeOut, BarcodeQuery
from lunarfront.domains.catalog.service import barcodes as service
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

blp = ApiBlueprint("barcodes", __name__, description="Codes that find a variant.")


@blp.endpoint("GET", "/barcodes", permission="catalog.view", query=BarcodeQuery, out=page_schema(BarcodeOut))
def list_barcodes(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List barcodes."""
    return queries.list_barcodes(ctx, query)


@blp.endpoint("POST", "/barcodes", permission="catalog.edit", body=BarcodeNew, out=BarcodeOut, status=201)
def create_barcode(ctx: CompanyContext, body: dict[str, Any]) -> ProductBarcode:
    """Give a variant a further code."""
    return service.create_barcode(ctx, body)


@blp.endpoint("GET", "/barcodes/<uuid:barcode_id>", permission="catalog.view", out=BarcodeOut)
def get_barcode(ctx: CompanyContext, barcode_id: UUID) -> ProductBarcode:
    """Read a barcode."""
    return load(ctx, ProductBarcode, barcode_id)


@blp.endpoint(
    "PATCH",
    "/barcodes/<uuid:barcode_id>",
    permission="catalog.edit",
    body=BarcodeChange,
    out=BarcodeOut,
    locked=True,
)
def change_barcode(
    ctx: CompanyContext, body: dict[str, Any], barcode_id: UUID, expected_version: int
) -> ProductBarcode:
    """Change a code or the pieces it stands for."""
    return service.change_barcode(ctx, barcode_id, body, expected_version)


@blp.endpoint("DELETE", "/barcodes/<uuid:barcode_id>", permission="catalog.edit", status=204, locked=True)
def delete_barcode(ctx: CompanyContext, barcode_id: UUID, expected_version: int) -> None:
    """Take a code away."""
    service.delete_barcode(ctx, barcode_id, expected_version)
