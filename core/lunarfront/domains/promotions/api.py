"""Routes of discounts and promotions."""

from typing import Any
from uuid import UUID

from lunarfront.domains.promotions import queries, schemas, service
from lunarfront.domains.sales.models import Discount
from lunarfront.kernel.api.db_errors import describe_constraint
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

blp = ApiBlueprint("discounts", __name__, description="Named discounts and promotions.")
describe_constraint("discount_company_id_code_key", "conflict", "code", "There is a discount with this code.")


@blp.endpoint(
    "GET",
    "/discounts",
    permission="catalog.view",
    query=schemas.NamedDiscountQuery,
    out=page_schema(schemas.NamedDiscountOut),
)
def list_discounts(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List discounts."""
    return queries.list_discounts(ctx, query)


@blp.endpoint(
    "POST",
    "/discounts",
    permission="catalog.price.edit",
    body=schemas.NamedDiscountIn,
    out=schemas.NamedDiscountOut,
    status=201,
)
def create_discount(ctx: CompanyContext, body: dict[str, Any]) -> Discount:
    """Make a discount."""
    return service.create_discount(ctx, body)


@blp.endpoint("GET", "/discounts/<uuid:discount_id>", permission="catalog.view", out=schemas.NamedDiscountOut)
def get_discount(ctx: CompanyContext, discount_id: UUID) -> Discount:
    """Read a discount."""
    return load(ctx, Discount, discount_id)


@blp.endpoint(
    "PATCH", "/discounts/<uuid:discount_id>", permission="catalog.price.edit",
    body=schemas.NamedDiscountChange(partial=True), out=schemas.NamedDiscountOut, locked=True,
)  # fmt: skip
def change_discount(
    ctx: CompanyContext, body: dict[str, Any], discount_id: UUID, expected_version: int
) -> Discount:
    """Change a discount."""
    return service.change_discount(ctx, discount_id, body, expected_version)


@blp.endpoint(
    "DELETE", "/discounts/<uuid:discount_id>", permission="catalog.price.edit", status=204, locked=True
)
def archive_discount(ctx: CompanyContext, discount_id: UUID, expected_version: int) -> None:
    """Switch a discount off; what was sold with it stays."""
    service.change_discount(ctx, discount_id, {"is_active": False}, expected_version)
