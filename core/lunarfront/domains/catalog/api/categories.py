"""Routes of categories."""

from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.models import Category
from lunarfront.domains.catalog.queries import categories as queries
from lunarfront.domains.catalog.schemas.categories import (
    CategoryChange,
    CategoryIn,
    CategoryOut,
    CategoryQuery,
)
from lunarfront.domains.catalog.service import categories as service
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

blp = ApiBlueprint("categories", __name__, description="The category tree, at most five levels deep.")


@blp.endpoint(
    "GET", "/categories", permission="catalog.view", query=CategoryQuery, out=page_schema(CategoryOut)
)
def list_categories(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List categories."""
    return queries.list_categories(ctx, query)


@blp.endpoint("POST", "/categories", permission="catalog.edit", body=CategoryIn, out=CategoryOut, status=201)
def create_category(ctx: CompanyContext, body: dict[str, Any]) -> Category:
    """Make a category."""
    return service.create_category(ctx, body)


@blp.endpoint("GET", "/categories/<uuid:category_id>", permission="catalog.view", out=CategoryOut)
def get_category(ctx: CompanyContext, category_id: UUID) -> Category:
    """Read a category."""
    return load(ctx, Category, category_id)


@blp.endpoint(
    "PATCH", "/categories/<uuid:category_id>", permission="catalog.edit", body=CategoryChange(partial=True),
    out=CategoryOut, locked=True,
)  # fmt: skip
def change_category(
    ctx: CompanyContext, body: dict[str, Any], category_id: UUID, expected_version: int
) -> Category:
    """Change or move a category."""
    return service.change_category(ctx, category_id, body, expected_version)


@blp.endpoint("DELETE", "/categories/<uuid:category_id>", permission="catalog.edit", status=204, locked=True)
def archive_category(ctx: CompanyContext, category_id: UUID, expected_version: int) -> None:
    """Archive a category; nothing is deleted (GEN-04)."""
    service.change_category(ctx, category_id, {"is_active": False}, expected_version)
