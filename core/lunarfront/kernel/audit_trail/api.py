"""``/audit`` and ``/change-log`` (AUD-05, AUD-07)."""

from typing import Any

from flask import Response

from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.audit_trail import queries, schemas
from lunarfront.kernel.audit_trail.export import export_csv
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.seals import seal_company, verify_company

blp = ApiBlueprint("audit", __name__, description="Who did what, when; field history; the chain's proof.")
#: A page does not wait the full five seconds for a long transaction of somebody else.
WAIT_SECONDS = 1


@blp.endpoint(
    "GET", "/audit", permission="audit.view", query=schemas.AuditQuery, out=page_schema(schemas.AuditRowOut)
)
def list_audit(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List acts, the newest first; ``seq`` is null until a row is sealed."""
    return queries.list_audit(ctx, query)


@blp.endpoint("GET", "/audit/verify", permission="audit.view", out=schemas.VerificationOut)
def verify_audit(ctx: CompanyContext) -> dict[str, Any]:
    """Seal what is open, then check every link of the company's chains (AUD-04)."""
    found = verify_company(core(), ctx.company.id, WAIT_SECONDS)
    chains = [
        {"kind": c.kind, "ok": c.ok, "head": str(c.head) if c.head else None, "broken": c.broken,
         "reason": c.reason, "overdue": c.overdue}
        for c in found
    ]  # fmt: skip
    return {"ok": all(c.ok for c in found), "chains": chains}


@blp.endpoint("GET", "/audit/export.csv", permission="audit.view", query=schemas.AuditExportQuery)
def export_audit(ctx: CompanyContext, query: dict[str, Any]) -> Response:
    """Take the trail out as CSV, oldest first; the taking is recorded."""
    seal_company(core(), ctx.company.id, WAIT_SECONDS)
    name = f"audit-{ctx.now:%Y%m%d-%H%M%S}.csv"
    response = Response(export_csv(ctx, query), mimetype="text/csv", direct_passthrough=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blp.endpoint(
    "GET", "/change-log", permission="change_log.view", query=schemas.ChangeLogQuery,
    out=page_schema(schemas.FieldChangeOut),
)  # fmt: skip
def list_changes(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List changes of single fields, the newest first."""
    return queries.list_changes(ctx, query)
