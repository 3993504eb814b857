"""Work that follows a commit: PostgreSQL is the truth, Valkey only wakes workers up (runtime.md §5)."""

from lunarfront.kernel.jobs.external import ExternalCall
from lunarfront.kernel.jobs.outbox import enqueue
from lunarfront.kernel.jobs.processes import run_dispatcher, run_worker
from lunarfront.kernel.jobs.registry import JobKind, job, load_jobs, scheduled
from lunarfront.kernel.jobs.retries import GiveUp

__all__ = [
    "ExternalCall",
    "GiveUp",
    "JobKind",
    "enqueue",
    "job",
    "load_jobs",
    "run_dispatcher",
    "run_worker",
    "scheduled",
]
