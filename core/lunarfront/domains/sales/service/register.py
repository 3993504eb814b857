"""The register's locks: earlier transaction, open drawer, next number, period (OCC-02, POS-03, hot-path.md §2)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lunarfront.domains.ledger.service import PeriodState
from lunarfront.kernel.api.db_errors import retry_when_violated
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

#: Two requests with one client_uuid at once: the loser runs again and finds the winner's transaction (POS-01).
retry_when_violated("transaction_company_id_client_uuid_key")

_OPEN_SQL = """
SELECT (SELECT id FROM transaction WHERE company_id = %(company)s AND client_uuid = %(uuid)s) AS existing_id,
       d.id AS session_id, d.drawer_id, d.status
FROM (SELECT 1) AS one
LEFT JOIN LATERAL (
  SELECT id, drawer_id, status FROM drawer_session
  WHERE company_id = %(company)s AND terminal_id = %(terminal)s AND status <> 'closed' FOR NO KEY UPDATE
) d ON true
"""
_NUMBER_SQL = """
UPDATE terminal SET next_sequence = next_sequence + 1
WHERE company_id = %(company)s AND id = %(terminal)s
RETURNING next_sequence - 1 AS sequence,
  (SELECT jsonb_build_array(status, ends_on) FROM accounting_period WHERE company_id = %(company)s
   AND starts_on <= %(day)s AND ends_on >= %(day)s) AS period
"""


@dataclass(frozen=True)
class Register:
    """State of the till: ``existing_id`` is a transaction that has the same client_uuid."""

    existing_id: UUID | None
    session_id: UUID | None
    status: str | None

    def cash_session(self) -> UUID:
        """Return the drawer session that takes cash (POS-27).

        Raises:
            Problem: ``drawer_not_open``.
        """
        if self.session_id is None or self.status != "open":
            raise Problem("drawer_not_open", "Cash needs an open drawer on this till.")
        return self.session_id


def open_register(ctx: CompanyContext, client_uuid: UUID) -> Register:
    """Look for the transaction of ``client_uuid`` and lock the till's open drawer session, in one statement."""
    terminal, _ = ctx.require_terminal()
    params = {"company": ctx.company.id, "uuid": client_uuid, "terminal": terminal.id}
    row = ctx.uow.query(_OPEN_SQL, params)[0]
    return Register(row.existing_id, row.session_id, row.status)


@dataclass(frozen=True)
class Number:
    """The receipt number with the state of the accounting period of its date."""

    text: str
    period: PeriodState


def take_number(ctx: CompanyContext, day: date) -> Number:
    """Take the next number of the till: the last lock of a sale, gapless with its transaction (POS-03)."""
    terminal, location = ctx.require_terminal()
    params: dict[str, Any] = {"company": ctx.company.id, "terminal": terminal.id, "day": day}
    row = ctx.uow.query(_NUMBER_SQL, params)[0]
    state, ends_on = row.period or ("open", None)
    period = PeriodState(state, date.fromisoformat(ends_on) if ends_on else None)
    return Number(f"{location.code}-{terminal.code}-{row.sequence:06d}", period)
