"""Work with an effect outside: called with no transaction open, under a key that makes repeats harmless."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs.ending import drop
from lunarfront.kernel.tenancy.contexts import job_context

if TYPE_CHECKING:
    from lunarfront.kernel.core import Core


@dataclass(frozen=True)
class ExternalCall:
    """What the handler of an ``external`` kind gets.

    ``id`` is the same in every try: give it to the other side as idempotency key (PAY-11 has its own).
    Long work that only touches the database is external too: it opens short transactions of its own.
    """

    core: "Core"
    company_id: UUID
    id: UUID
    payload: Mapping[str, Any]
    request_id: str | None
    attempt: int

    @contextmanager
    def company(self) -> Iterator[CompanyContext]:
        """Open a short transaction: committed at the end of the block, rolled back by an exception.

        Do not talk to the outside within it.
        """
        with self.core.unit_of_work(self.company_id) as uow:
            try:
                yield context_of_work(self.core, uow, self.request_id)
                uow.commit()
            except Exception:
                drop(uow)
                raise


def context_of_work(core: "Core", uow: Any, request_id: str | None) -> CompanyContext:
    """Return the context of a handler: nobody's rights, the clock of the process, the id of the first request."""
    ctx = job_context(uow, request_id=request_id or "")
    ctx.now = core.clock()
    return ctx
