"""Reason codes: why something was done, checked against the company's rows (GEN-05)."""

from collections.abc import Mapping

from lunarfront.kernel.cache import CompanyCache
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import invalid

_cache: CompanyCache[Mapping[tuple[str, str], bool]] = CompanyCache(max_companies=2000)


def check_reason(
    ctx: CompanyContext, kind: str, code: str | None, note: str | None, field: str = "reason_code"
) -> str:
    """Return the code if it is an active reason of this kind with the note that it asks for.

    Raises:
        Problem: ``reason_required`` or ``note_required``.
    """
    reasons = _cache.get(ctx.company.id, ctx.company.catalog_version, lambda: _read(ctx))
    if not code or (kind, code) not in reasons:
        known = ", ".join(sorted(c for k, c in reasons if k == kind))
        raise invalid(field, "reason_required", f"Choose a reason: {known}.")
    if reasons[(kind, code)] and not note:
        raise invalid(
            field.removesuffix("reason_code") + "note", "note_required", "This reason needs a note."
        )
    return code


def _read(ctx: CompanyContext) -> dict[tuple[str, str], bool]:
    rows = ctx.uow.query(
        "SELECT kind, code, requires_note FROM reason_code WHERE company_id = %(company)s AND is_active",
        {"company": ctx.company.id},
    )
    return {(row.kind, row.code): row.requires_note for row in rows}
