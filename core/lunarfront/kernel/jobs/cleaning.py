"""What the dispatcher clears away: done work after a week, idempotency records past their end (runtime.md §5)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select

from lunarfront.kernel.core import Core
from lunarfront.kernel.records import IdempotencyRecord, JobOutbox

KEEP_DONE = timedelta(days=7)
CHUNK = 1000


def clean_company(core: Core, company_id: UUID) -> int:
    """Delete what is past its time, in short transactions; return how many rows."""
    done = JobOutbox.done_at < func.now() - KEEP_DONE
    return _delete(core, company_id, JobOutbox, done) + _delete(
        core, company_id, IdempotencyRecord, IdempotencyRecord.expires_at < func.now()
    )


def _delete(core: Core, company_id: UUID, model: Any, where: ColumnElement[bool]) -> int:
    total = 0
    while True:
        with core.unit_of_work(company_id) as uow:
            ids = list(uow.session.execute(select(model.id).where(where).limit(CHUNK)).scalars())
            if ids:
                uow.session.execute(
                    delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False)
                )
            uow.commit()
        total += len(ids)
        if len(ids) < CHUNK:
            return total
