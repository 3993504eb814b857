"""Routes of the organisation: ``/companies/current``, ``/locations``, ``/terminals``, ``/reason-codes``."""

from typing import Any
from uuid import UUID

from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load
from lunarfront.kernel.tenancy import queries, service
from lunarfront.kernel.tenancy import schemas as s
from lunarfront.kernel.tenancy.models import Location, ReasonCode, Terminal

blp = ApiBlueprint(
    "organisation", __name__, description="Company, settings, locations, terminals, reason codes."
)
VIEW, EDIT = "settings.view", "settings.edit"


@blp.endpoint("GET", "/companies/current", permission=VIEW, out=s.CompanyOut)
def read_company(ctx: CompanyContext) -> dict[str, Any]:
    """The company and all its settings."""
    return service.company_out(ctx)


@blp.endpoint(
    "PATCH", "/companies/current", permission=EDIT, body=s.CompanyPatch, out=s.CompanyOut, locked=True
)
def change_company(ctx: CompanyContext, body: dict[str, Any], expected_version: int) -> dict[str, Any]:
    """Change the company; ``settings`` names only those that change (ORG-03)."""
    return service.change_company(ctx, expected_version, body)


# --- locations ------------------------------------------------------------------------------------------------


@blp.endpoint("GET", "/locations", permission=VIEW, query=s.ActiveQuery, out=s.LocationPage)
def list_locations(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List locations."""
    return queries.list_locations(ctx, query)


@blp.endpoint("POST", "/locations", permission=EDIT, body=s.LocationIn, out=s.LocationOut, status=201)
def create_location(ctx: CompanyContext, body: dict[str, Any]) -> Location:
    """Create a location."""
    return service.create_location(ctx, body)


@blp.endpoint("GET", "/locations/<uuid:location_id>", permission=VIEW, out=s.LocationOut)
def read_location(ctx: CompanyContext, location_id: UUID) -> Location:
    """Read a location."""
    return load(ctx, Location, location_id)


@blp.endpoint(
    "PATCH",
    "/locations/<uuid:location_id>",
    permission=EDIT,
    body=s.LocationPatch,
    out=s.LocationOut,
    locked=True,
)
def change_location(
    ctx: CompanyContext, body: dict[str, Any], location_id: UUID, expected_version: int
) -> Location:
    """Change a location; it counts from the next transaction (ORG-02)."""
    return service.change_location(ctx, location_id, expected_version, body)


@blp.endpoint("DELETE", "/locations/<uuid:location_id>", permission=EDIT, status=204, locked=True)
def archive_location(ctx: CompanyContext, location_id: UUID, expected_version: int) -> None:
    """Archive a location without terminals in use; nothing is deleted (GEN-04)."""
    service.change_location(ctx, location_id, expected_version, {"is_active": False})


# --- terminals ------------------------------------------------------------------------------------------------


@blp.endpoint("GET", "/terminals", permission=VIEW, query=s.TerminalQuery, out=s.TerminalPage)
def list_terminals(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List terminals."""
    return queries.list_terminals(ctx, query)


@blp.endpoint("POST", "/terminals", permission=EDIT, body=s.TerminalIn, out=s.TerminalOut, status=201)
def create_terminal(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Create a terminal of one location (ORG-01)."""
    return queries.terminal_row(service.create_terminal(ctx, body))


@blp.endpoint("GET", "/terminals/<uuid:terminal_id>", permission=VIEW, out=s.TerminalOut)
def read_terminal(ctx: CompanyContext, terminal_id: UUID) -> dict[str, Any]:
    """Read a terminal."""
    return queries.terminal_row(load(ctx, Terminal, terminal_id))


@blp.endpoint(
    "PATCH",
    "/terminals/<uuid:terminal_id>",
    permission=EDIT,
    body=s.TerminalPatch,
    out=s.TerminalOut,
    locked=True,
)
def change_terminal(
    ctx: CompanyContext, body: dict[str, Any], terminal_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Change a terminal."""
    return queries.terminal_row(service.change_terminal(ctx, terminal_id, expected_version, body))


@blp.endpoint("DELETE", "/terminals/<uuid:terminal_id>", permission=EDIT, status=204, locked=True)
def archive_terminal(ctx: CompanyContext, terminal_id: UUID, expected_version: int) -> None:
    """Archive a terminal whose drawer is closed; nothing is deleted (GEN-04)."""
    service.change_terminal(ctx, terminal_id, expected_version, {"is_active": False})


@blp.endpoint("POST", "/terminals/<uuid:terminal_id>/pair", permission=EDIT, out=s.PairedOut, status=201)
def pair_terminal(ctx: CompanyContext, terminal_id: UUID) -> dict[str, Any]:
    """Give a device the terminal's key; it is shown once (USR-07)."""
    return service.pair_terminal(ctx, terminal_id)


@blp.endpoint("POST", "/terminals/<uuid:terminal_id>/unpair", permission=EDIT, status=204)
def unpair_terminal(ctx: CompanyContext, terminal_id: UUID) -> None:
    """Take the terminal's key away."""
    service.unpair_terminal(ctx, terminal_id)


# --- reason codes ---------------------------------------------------------------------------------------------


@blp.endpoint("GET", "/reason-codes", permission=VIEW, query=s.ReasonCodeQuery, out=s.ReasonCodePage)
def list_reasons(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List reasons."""
    return queries.list_reasons(ctx, query)


@blp.endpoint("POST", "/reason-codes", permission=EDIT, body=s.ReasonCodeIn, out=s.ReasonCodeOut, status=201)
def create_reason(ctx: CompanyContext, body: dict[str, Any]) -> ReasonCode:
    """Create a reason."""
    return service.create_reason(ctx, body)


@blp.endpoint("GET", "/reason-codes/<uuid:reason_id>", permission=VIEW, out=s.ReasonCodeOut)
def read_reason(ctx: CompanyContext, reason_id: UUID) -> ReasonCode:
    """Read a reason."""
    return load(ctx, ReasonCode, reason_id)


@blp.endpoint(
    "PATCH",
    "/reason-codes/<uuid:reason_id>",
    permission=EDIT,
    body=s.ReasonCodePatch,
    out=s.ReasonCodeOut,
    locked=True,
)
def change_reason(
    ctx: CompanyContext, body: dict[str, Any], reason_id: UUID, expected_version: int
) -> ReasonCode:
    """Change a reason, or switch it off."""
    return service.change_reason(ctx, reason_id, expected_version, body)
