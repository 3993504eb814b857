"""The chain of the audit trail (AUD-04)."""

from collections.abc import Sequence
from uuid import UUID

from lunarfront.kernel.records import AuditLog, AuditSeal
from lunarfront.kernel.seals.sealable import Rows, Sealable, whole_rows
from lunarfront.kernel.uow import UnitOfWork


def _load(uow: UnitOfWork, ids: Sequence[UUID]) -> Rows:
    return {row["id"]: row for row in whole_rows(uow, AuditLog, AuditLog.id.in_(ids))}


SEALABLE = Sealable("audit", AuditLog, AuditSeal, "row_id", "seq", _load)
