"""Routes of suppliers and what they deliver."""

from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.models import Supplier, SupplierItem
from lunarfront.domains.catalog.queries import suppliers as queries
from lunarfront.domains.catalog.schemas import suppliers as schemas
from lunarfront.domains.catalog.service import suppliers as service
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

blp = ApiBlueprint("suppliers", __name__, description="Whom goods are bought from, and what they cost there.")


@blp.endpoint(
    "GET",
    "/suppliers",
    permission="catalog.view",
    query=schemas.SupplierQuery,
    out=page_schema(schemas.SupplierOut),
)
def list_suppliers(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List suppliers."""
    return queries.list_suppliers(ctx, query)


@blp.endpoint(
    "POST",
    "/suppliers",
    permission="catalog.edit",
    body=schemas.SupplierIn,
    out=schemas.SupplierOut,
    status=201,
)
def create_supplier(ctx: CompanyContext, body: dict[str, Any]) -> Supplier:
    """Make a supplier."""
    return service.create_supplier(ctx, body)


@blp.endpoint("GET", "/suppliers/<uuid:supplier_id>", permission="catalog.view", out=schemas.SupplierOut)
def get_supplier(ctx: CompanyContext, supplier_id: UUID) -> Supplier:
    """Read a supplier."""
    return load(ctx, Supplier, supplier_id)


@blp.endpoint(
    "PATCH", "/suppliers/<uuid:supplier_id>", permission="catalog.edit", body=schemas.SupplierChange(partial=True),
    out=schemas.SupplierOut, locked=True,
)  # fmt: skip
def change_supplier(
    ctx: CompanyContext, body: dict[str, Any], supplier_id: UUID, expected_version: int
) -> Supplier:
    """Change a supplier."""
    return service.change_supplier(ctx, supplier_id, body, expected_version)


@blp.endpoint("DELETE", "/suppliers/<uuid:supplier_id>", permission="catalog.edit", status=204, locked=True)
def archive_supplier(ctx: CompanyContext, supplier_id: UUID, expected_version: int) -> None:
    """Archive a supplier; nothing is deleted (GEN-04)."""
    service.change_supplier(ctx, supplier_id, {"is_active": False}, expected_version)


@blp.endpoint(
    "GET", "/supplier-items", permission="catalog.view", query=schemas.SupplierItemQuery,
    out=page_schema(schemas.SupplierItemOut),
)  # fmt: skip
def list_supplier_items(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List what suppliers deliver."""
    return queries.list_supplier_items(ctx, query)


@blp.endpoint(
    "POST", "/supplier-items", permission="catalog.edit", body=schemas.SupplierItemIn, out=schemas.SupplierItemOut,
    status=201,
)  # fmt: skip
def create_supplier_item(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Say that a supplier delivers a variant."""
    return queries.supplier_item(ctx, service.create_supplier_item(ctx, body))


@blp.endpoint("GET", "/supplier-items/<uuid:item_id>", permission="catalog.view", out=schemas.SupplierItemOut)
def get_supplier_item(ctx: CompanyContext, item_id: UUID) -> dict[str, Any]:
    """Read a supplier item."""
    return queries.supplier_item(ctx, load(ctx, SupplierItem, item_id))


@blp.endpoint(
    "PATCH", "/supplier-items/<uuid:item_id>", permission="catalog.edit",
    body=schemas.SupplierItemFields(partial=True), out=schemas.SupplierItemOut, locked=True,
)  # fmt: skip
def change_supplier_item(
    ctx: CompanyContext, body: dict[str, Any], item_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Change what a supplier delivers; costs are audited (AUD-01)."""
    return queries.supplier_item(ctx, service.change_supplier_item(ctx, item_id, body, expected_version))


@blp.endpoint("DELETE", "/supplier-items/<uuid:item_id>", permission="catalog.edit", status=204, locked=True)
def delete_supplier_item(ctx: CompanyContext, item_id: UUID, expected_version: int) -> None:
    """Forget that a supplier delivers a variant."""
    service.delete_supplier_item(ctx, item_id, expected_version)
