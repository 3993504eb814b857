"""Routes of products, variants and bundles. The list of variants, with their stock, is of the stock's own routes."""

from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.queries import products as queries
from lunarfront.domains.catalog.schemas import products as schemas
from lunarfront.domains.catalog.service import changes, products
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("products", __name__, description="Products and their variants, which are what is sold.")


@blp.endpoint(
    "GET",
    "/products",
    permission="catalog.view",
    query=schemas.ProductQuery,
    out=page_schema(schemas.ProductOut),
)
def list_products(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List products."""
    return queries.list_products(ctx, query)


@blp.endpoint(
    "POST",
    "/products",
    permission="catalog.edit",
    body=schemas.ProductIn,
    out=schemas.ProductDetailOut,
    status=201,
)
def create_product(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Make a product with its variants, barcodes and bundles."""
    made = products.create_products(ctx, [body], [""])
    return queries.get_product(ctx, made[0].id)


@blp.endpoint(
    "POST", "/products/bulk", permission="catalog.edit", body=schemas.ProductsIn, out=schemas.MadeProductsOut,
    status=201,
)  # fmt: skip
def create_many_products(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Make up to 500 products, all or none; ids are answered in the order of the request."""
    wanted = body["products"]
    return {"items": products.create_products(ctx, wanted, [f"products[{i}]." for i in range(len(wanted))])}


@blp.endpoint("GET", "/products/<uuid:product_id>", permission="catalog.view", out=schemas.ProductDetailOut)
def get_product(ctx: CompanyContext, product_id: UUID) -> dict[str, Any]:
    """Read a product with its variants."""
    return queries.get_product(ctx, product_id)


@blp.endpoint(
    "PATCH", "/products/<uuid:product_id>", permission="catalog.edit", body=schemas.ProductChange(partial=True),
    out=schemas.ProductDetailOut, locked=True,
)  # fmt: skip
def change_product(
    ctx: CompanyContext, body: dict[str, Any], product_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Change a product."""
    changes.change_product(ctx, product_id, body, expected_version)
    return queries.get_product(ctx, product_id)


@blp.endpoint("DELETE", "/products/<uuid:product_id>", permission="catalog.edit", status=204, locked=True)
def archive_product(ctx: CompanyContext, product_id: UUID, expected_version: int) -> None:
    """Archive a product: it cannot be sold or ordered, but returned (INV-06)."""
    changes.change_product(ctx, product_id, {"is_active": False}, expected_version)


@blp.endpoint(
    "POST", "/products/<uuid:product_id>/variants", permission="catalog.edit", body=schemas.VariantIn,
    out=schemas.VariantOut, status=201,
)  # fmt: skip
def create_variant(ctx: CompanyContext, body: dict[str, Any], product_id: UUID) -> dict[str, Any]:
    """Add a variant to a product."""
    return queries.get_variant(ctx, products.add_variant(ctx, product_id, body))


@blp.endpoint("GET", "/variants/<uuid:variant_id>", permission="catalog.view", out=schemas.VariantOut)
def get_variant(ctx: CompanyContext, variant_id: UUID) -> dict[str, Any]:
    """Read a variant with its barcodes and components."""
    return queries.get_variant(ctx, variant_id)


@blp.endpoint(
    "PATCH", "/variants/<uuid:variant_id>", permission="catalog.edit", body=schemas.VariantChange(partial=True),
    out=schemas.VariantOut, locked=True,
)  # fmt: skip
def change_variant(
    ctx: CompanyContext, body: dict[str, Any], variant_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Change a variant; prices and costs need ``catalog.price.edit`` and are audited (AUD-01)."""
    changes.change_variant(ctx, variant_id, body, expected_version)
    return queries.get_variant(ctx, variant_id)


@blp.endpoint("DELETE", "/variants/<uuid:variant_id>", permission="catalog.edit", status=204, locked=True)
def archive_variant(ctx: CompanyContext, variant_id: UUID, expected_version: int) -> None:
    """Archive a variant: it cannot be sold or ordered, but returned (INV-06)."""
    changes.change_variant(ctx, variant_id, {"is_active": False}, expected_version)


@blp.endpoint(
    "PUT", "/variants/<uuid:variant_id>/bundle", permission="catalog.edit", body=schemas.BundleIn,
    out=schemas.VariantOut, locked=True,
)  # fmt: skip
def set_bundle(
    ctx: CompanyContext, body: dict[str, Any], variant_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Replace the components of a bundle."""
    changes.set_bundle(ctx, variant_id, body["items"], expected_version)
    return queries.get_variant(ctx, variant_id)
