"""Routes of tax (domain-core.md §9), and what its constraints mean to a client."""

from typing import Any
from uuid import UUID

from lunarfront.domains.tax import queries, schemas, service
from lunarfront.domains.tax.models import TaxCategory, TaxComponent, TaxJurisdiction, TaxRule
from lunarfront.kernel.api.db_errors import describe_constraint
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

READ, EDIT = "settings.view", "settings.edit"
blp = ApiBlueprint(
    "tax", __name__, description="Tax: who levies it, rates with their validity, rules by location."
)
describe_constraint(
    "tax_jurisdiction_company_id_code_key", "conflict", "code", "There is a jurisdiction with this code."
)
describe_constraint(
    "tax_component_validity_excl", "conflict", "valid_from", "Another rate of this code is valid then."
)
describe_constraint(
    "tax_rule_company_id_location_id_tax_category_key",
    "conflict",
    "tax_category",
    "This location has a rule for it.",
)
describe_constraint(
    "tax_category_company_id_code_key", "conflict", "code", "There is a tax category with this code."
)


@blp.endpoint(
    "GET", "/tax/jurisdictions", permission=READ, query=schemas.JurisdictionQuery,
    out=page_schema(schemas.JurisdictionOut),
)  # fmt: skip
def list_jurisdictions(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List jurisdictions."""
    return queries.list_jurisdictions(ctx, query)


@blp.endpoint(
    "POST",
    "/tax/jurisdictions",
    permission=EDIT,
    body=schemas.JurisdictionIn,
    out=schemas.JurisdictionOut,
    status=201,
)
def create_jurisdiction(ctx: CompanyContext, body: dict[str, Any]) -> TaxJurisdiction:
    """Make a jurisdiction."""
    return service.create_jurisdiction(ctx, body)


@blp.endpoint("GET", "/tax/jurisdictions/<uuid:row_id>", permission=READ, out=schemas.JurisdictionOut)
def get_jurisdiction(ctx: CompanyContext, row_id: UUID) -> TaxJurisdiction:
    """Read a jurisdiction."""
    return load(ctx, TaxJurisdiction, row_id)


@blp.endpoint(
    "PATCH", "/tax/jurisdictions/<uuid:row_id>", permission=EDIT, body=schemas.JurisdictionChange,
    out=schemas.JurisdictionOut, locked=True,
)  # fmt: skip
def change_jurisdiction(
    ctx: CompanyContext, body: dict[str, Any], row_id: UUID, expected_version: int
) -> TaxJurisdiction:
    """Change a jurisdiction."""
    return service.change_jurisdiction(ctx, row_id, body, expected_version)


@blp.endpoint("DELETE", "/tax/jurisdictions/<uuid:row_id>", permission=EDIT, status=204, locked=True)
def delete_jurisdiction(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a jurisdiction that has no rates."""
    service.delete_jurisdiction(ctx, row_id, expected_version)


@blp.endpoint(
    "GET",
    "/tax/components",
    permission=READ,
    query=schemas.ComponentQuery,
    out=page_schema(schemas.ComponentOut),
)
def list_components(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List rates with their validity."""
    return queries.list_components(ctx, query)


@blp.endpoint(
    "POST", "/tax/components", permission=EDIT, body=schemas.ComponentIn, out=schemas.ComponentOut, status=201
)
def create_component(ctx: CompanyContext, body: dict[str, Any]) -> TaxComponent:
    """Make a rate with its validity; two rates of a code never overlap."""
    return service.create_component(ctx, body)


@blp.endpoint("GET", "/tax/components/<uuid:row_id>", permission=READ, out=schemas.ComponentOut)
def get_component(ctx: CompanyContext, row_id: UUID) -> TaxComponent:
    """Read a rate."""
    return load(ctx, TaxComponent, row_id)


@blp.endpoint(
    "PATCH", "/tax/components/<uuid:row_id>", permission=EDIT, body=schemas.ComponentChange,
    out=schemas.ComponentOut, locked=True,
)  # fmt: skip
def change_component(
    ctx: CompanyContext, body: dict[str, Any], row_id: UUID, expected_version: int
) -> TaxComponent:
    """Change a rate or its validity; nothing that was sold changes (TAX-08)."""
    return service.change_component(ctx, row_id, body, expected_version)


@blp.endpoint(
    "POST", "/tax/components/<uuid:row_id>/successor", permission=EDIT, body=schemas.SuccessorIn,
    out=schemas.ComponentOut, status=201, locked=True,
)  # fmt: skip
def succeed_component(
    ctx: CompanyContext, body: dict[str, Any], row_id: UUID, expected_version: int
) -> TaxComponent:
    """End a rate on a date and begin the next one there (TAX-02)."""
    return service.succeed_component(ctx, row_id, body, expected_version)


@blp.endpoint("DELETE", "/tax/components/<uuid:row_id>", permission=EDIT, status=204, locked=True)
def delete_component(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a rate that no sale was taxed with."""
    service.delete_component(ctx, row_id, expected_version)


@blp.endpoint("GET", "/tax/rules", permission=READ, query=schemas.RuleQuery, out=page_schema(schemas.RuleOut))
def list_rules(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List rules."""
    return queries.list_rules(ctx, query)


@blp.endpoint("POST", "/tax/rules", permission=EDIT, body=schemas.RuleIn, out=schemas.RuleOut, status=201)
def create_rule(ctx: CompanyContext, body: dict[str, Any]) -> TaxRule:
    """Say which components fall due for a category at a location; an empty list says none (TAX-01)."""
    return service.create_rule(ctx, body)


@blp.endpoint("GET", "/tax/rules/<uuid:row_id>", permission=READ, out=schemas.RuleOut)
def get_rule(ctx: CompanyContext, row_id: UUID) -> TaxRule:
    """Read a rule."""
    return load(ctx, TaxRule, row_id)


@blp.endpoint(
    "PATCH",
    "/tax/rules/<uuid:row_id>",
    permission=EDIT,
    body=schemas.RuleChange,
    out=schemas.RuleOut,
    locked=True,
)
def change_rule(ctx: CompanyContext, body: dict[str, Any], row_id: UUID, expected_version: int) -> TaxRule:
    """Change the components of a rule."""
    return service.change_rule(ctx, row_id, body, expected_version)


@blp.endpoint("DELETE", "/tax/rules/<uuid:row_id>", permission=EDIT, status=204, locked=True)
def delete_rule(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a rule: what it covered cannot be sold until there is another (TAX-01)."""
    service.delete_rule(ctx, row_id, expected_version)


@blp.endpoint(
    "GET", "/tax/categories", permission=READ, query=ListQuery, out=page_schema(schemas.TaxCategoryOut)
)
def list_tax_categories(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List tax categories."""
    return queries.list_categories(ctx, query)


@blp.endpoint(
    "POST",
    "/tax/categories",
    permission=EDIT,
    body=schemas.TaxCategoryIn,
    out=schemas.TaxCategoryOut,
    status=201,
)
def create_tax_category(ctx: CompanyContext, body: dict[str, Any]) -> TaxCategory:
    """Make a tax category of the company's own."""
    return service.create_category(ctx, body)


@blp.endpoint("GET", "/tax/categories/<uuid:row_id>", permission=READ, out=schemas.TaxCategoryOut)
def get_tax_category(ctx: CompanyContext, row_id: UUID) -> TaxCategory:
    """Read a tax category."""
    return load(ctx, TaxCategory, row_id)


@blp.endpoint("DELETE", "/tax/categories/<uuid:row_id>", permission=EDIT, status=204)
def delete_tax_category(ctx: CompanyContext, row_id: UUID) -> None:
    """Remove a tax category of the company's own that nothing names."""
    service.delete_category(ctx, row_id)
