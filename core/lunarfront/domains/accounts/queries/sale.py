"""What a sale needs to know of its customer, by one statement (ACT-07, TAX-09)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import not_found

#: An exemption is valid through its last day. Whatever is not used today is told to the cashier (TAX-13).
_FOR_SALE_SQL = """
SELECT a.id, a.account_number, a.display_name, a.is_active, a.merged_into_id, a.credit_limit, a.terms_days,
       a.name_checked, b.open_balance, e.id AS exemption_id, e.jurisdictions, e.certificate_number, e.valid_to,
       CASE WHEN e.id IS NULL THEN n.notice END AS notice
FROM account a
CROSS JOIN LATERAL (
  SELECT coalesce(sum(i.balance), 0) AS open_balance FROM invoice i
  WHERE i.company_id = a.company_id AND i.account_id = a.id AND i.balance <> 0
    AND i.status IN ('open', 'partially_paid')) b
LEFT JOIN LATERAL (
  SELECT t.id, t.jurisdictions, t.certificate_number, t.valid_to FROM tax_exemption t
  WHERE t.company_id = a.company_id AND t.account_id = a.id AND t.status = 'approved'
    AND t.valid_from <= %(today)s AND (t.valid_to IS NULL OR t.valid_to >= %(today)s)
  ORDER BY cardinality(t.jurisdictions) = 0 DESC, t.valid_to DESC NULLS FIRST, t.id LIMIT 1) e ON true
LEFT JOIN LATERAL (
  SELECT CASE WHEN t.status = 'pending' THEN 'pending' ELSE 'expired' END AS notice FROM tax_exemption t
  WHERE t.company_id = a.company_id AND t.account_id = a.id
    AND (t.status IN ('pending', 'expired') OR (t.status = 'approved' AND t.valid_to < %(today)s))
  ORDER BY t.status = 'pending' DESC LIMIT 1) n ON true
WHERE a.company_id = %(company)s AND a.id = %(account)s
"""


@dataclass(frozen=True)
class SaleExemption:
    """An exemption that may be used today; no jurisdictions mean all of them (TAX-09)."""

    id: UUID
    jurisdictions: frozenset[str]
    certificate_number: str
    valid_to: date | None

    def covers(self, jurisdiction: str) -> bool:
        """Tell whether the tax of a jurisdiction is dropped."""
        return not self.jurisdictions or jurisdiction in self.jurisdictions


@dataclass(frozen=True)
class SaleAccount:
    """What a sale needs to know of its customer.

    ``open_balance`` is what the account owes today, ``credit_limit`` None means no limit (ACT-07).
    ``exemption`` is the one to attach; without it ``exemption_notice`` tells the cashier that there is one
    which cannot be used (TAX-09, TAX-13). A merged account names its survivor in ``merged_into_id``.
    """

    id: UUID
    account_number: str
    display_name: str
    is_active: bool
    merged_into_id: UUID | None
    credit_limit: Decimal | None
    open_balance: Decimal
    terms_days: int
    name_checked: bool
    exemption: SaleExemption | None
    exemption_notice: Literal["pending", "expired"] | None


def account_for_sale(ctx: CompanyContext, account_id: UUID) -> SaleAccount:
    """Return the customer of a sale at today's business date, by one statement.

    Raises:
        Problem: ``not_found``, also for another company's account.
    """
    params = {"company": ctx.company.id, "account": account_id, "today": ctx.business_date()}
    rows = ctx.uow.query(_FOR_SALE_SQL, params)
    if not rows:
        raise not_found()
    row = rows[0]._asdict()
    exemption_id, jurisdictions = row.pop("exemption_id"), row.pop("jurisdictions")
    certificate, valid_to, notice = row.pop("certificate_number"), row.pop("valid_to"), row.pop("notice")
    exemption = None
    if exemption_id is not None:
        exemption = SaleExemption(exemption_id, frozenset(jurisdictions), certificate, valid_to)
    return SaleAccount(**row, exemption=exemption, exemption_notice=notice)
