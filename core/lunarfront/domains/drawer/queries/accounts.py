"""The chart, as far as paid in and paid out choose an account of it."""

from lunarfront.kernel.context import CompanyContext

_SQL = """
SELECT coalesce(role, code) AS role FROM account_code
WHERE company_id = %(company)s AND is_active AND (role = %(name)s OR code = %(name)s)
"""


def account_role(ctx: CompanyContext, name: str) -> str | None:
    """Return what postings call the active account with this role or code."""
    rows = ctx.uow.query(_SQL, {"company": ctx.company.id, "name": name})
    return rows[0].role if rows else None
