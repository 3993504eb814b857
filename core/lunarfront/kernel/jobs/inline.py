"""Running due work in this very process: mode ``inline`` and tests (runtime.md §5)."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import has_app_context

from lunarfront.kernel.jobs.registry import QUEUES
from lunarfront.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from lunarfront.kernel.core import Core


def run_due_jobs(core: "Core", company_id: UUID) -> int:
    """Run everything that is due in a company, and what that adds; return how many tries there were."""
    from lunarfront.kernel.jobs.execution import Outcome, run_next

    tries = 0
    for queue in QUEUES * 2:
        while run_next(core, company_id, queue) is not Outcome.NOTHING:
            tries += 1
    return tries


def run_after_commit(uow: UnitOfWork) -> None:
    """In mode ``inline``, run the company's due work as soon as the unit of work is committed."""
    from lunarfront.kernel.core import core

    if not has_app_context():
        return
    current = core()
    if current.settings.jobs == "inline":
        uow.after_commit(lambda: _run(current, uow.company_id))


def _run(core: "Core", company_id: UUID) -> None:
    run_due_jobs(core, company_id)
