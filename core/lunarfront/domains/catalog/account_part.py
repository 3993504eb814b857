"""What the catalogue keeps for an account: price lists of its own (ACT-04, POS-06)."""

from collections.abc import Mapping
from uuid import UUID

from lunarfront.domains.accounts.parts import AccountPart
from lunarfront.kernel.context import CompanyContext

_MERGE = """
UPDATE price_list SET version = version + 1, updated_at = now(),
  account_ids = array_remove(array_remove(account_ids, %(removed)s), %(kept)s) || %(kept)s
WHERE company_id = %(company)s AND %(removed)s = ANY(account_ids)
"""


def merge(ctx: CompanyContext, kept: UUID, removed: UUID) -> Mapping[str, int]:
    """Prices of the account that goes are prices of the one that stays."""
    params = {"company": ctx.company.id, "kept": str(kept), "removed": str(removed)}
    return {"price_list": ctx.uow.execute(_MERGE, params)}


PART = AccountPart(merge=merge)
