"""Putting work into the outbox, in the transaction of the event that it follows (runtime.md §5, SEC-71)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.jobs.inline import run_after_commit
from lunarfront.kernel.jobs.registry import kind_named
from lunarfront.kernel.records import JobOutbox
from lunarfront.kernel.uow import UnitOfWork


def enqueue(
    where: CompanyContext | UnitOfWork,
    kind: str,
    payload: Mapping[str, Any],
    *,
    run_at: datetime | None = None,
    dedupe: str | None = None,
) -> UUID:
    """Collect one piece of work; it runs once in effect if and only if the caller's transaction commits.

    Args:
        where: the context or unit of work of the event.
        kind: a declared kind.
        payload: what the handler needs, as JSON: ids rather than copies.
        run_at: not before this moment; now when left out.
        dedupe: while work of the kind with this key waits to be begun, no second one is added. The key is free
            again when the work begins, so that a change made meanwhile gets a run of its own. Sent at once.

    Returns:
        The id of the work, which is also the idempotency key of what it does outside.

    Raises:
        ValueError: the kind is not declared.
    """
    uow, request_id = (where.uow, where.request_id) if isinstance(where, CompanyContext) else (where, None)
    row = _row(kind, payload, request_id or None)
    run_after_commit(uow)
    if dedupe is not None:
        return _insert_once(uow, row | {"run_at": run_at or func.now(), "dedupe_key": dedupe})
    return uow.add(JobOutbox, **row, **({"run_at": run_at} if run_at else {}))


def _row(kind: str, payload: Mapping[str, Any], request_id: str | None) -> dict[str, Any]:
    known = kind_named(kind)
    if known is None:
        raise ValueError(f"no module declares the job kind {kind}")
    return {
        "kind": kind,
        "payload": dict(payload),
        "module": known.module,
        "queue": known.queue,
        "request_id": request_id,
    }


def _insert_once(uow: UnitOfWork, row: dict[str, Any]) -> UUID:
    """Insert, or touch the row that waits: a worker leaves it alone until this transaction has ended."""
    new = insert(JobOutbox).values(company_id=uow.company_id, id=uuid7(), **row)
    statement = new.on_conflict_do_update(
        index_elements=["company_id", "kind", "dedupe_key"],
        index_where=JobOutbox.dedupe_key.is_not(None) & JobOutbox.done_at.is_(None),
        set_={"run_at": func.least(JobOutbox.run_at, new.excluded.run_at), "lease_until": None},
    ).returning(JobOutbox.id)
    return uow.session.execute(statement).scalar_one()
