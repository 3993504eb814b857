"""Carts of a till at its close (DRW-09). Sales lie above the drawer, so their tables are read by SQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lunarfront.kernel.context import CompanyContext

_SQL = """
SELECT t.id, t.status,
  EXISTS (SELECT FROM tender x WHERE x.company_id = t.company_id AND x.transaction_id = t.id
          AND x.status = 'captured')
  OR EXISTS (SELECT FROM jsonb_array_elements(t.draft->'tenders') d WHERE d->>'type' = 'card') AS captured
FROM transaction t
WHERE t.company_id = %(company)s AND t.terminal_id = %(terminal)s AND t.status IN ('pending', 'held')
ORDER BY t.id FOR NO KEY UPDATE OF t
"""


def lock_open_carts(ctx: CompanyContext, terminal_id: UUID) -> Sequence[Any]:
    """Lock a till's carts that are not completed; ``captured`` says that money hangs on one.

    A card slip is captured when it is entered (POS-49), so it counts from then on.
    """
    return ctx.uow.query(_SQL, {"company": ctx.company.id, "terminal": terminal_id})
