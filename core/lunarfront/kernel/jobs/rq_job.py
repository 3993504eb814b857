"""What a queue may ask of a worker: one function, two ids, as JSON; nothing it names is ever imported (SEC-57)."""

from typing import Any
from uuid import UUID

from rq.job import Job
from rq.serializers import JSONSerializer

from lunarfront.kernel.core import Core

Serializer = JSONSerializer
#: The one thing that can be asked for; a label, never looked up.
FUNCTION = "lunarfront.run_job"

_core: Core | None = None


def use_core(core: Core) -> None:
    """Say which services deliveries of this process run with."""
    global _core
    _core = core


class RefusedDeliveryError(Exception):
    """Somebody put something on a queue that no dispatcher sends."""


class OutboxJob(Job):
    """A delivery. Names of functions, callbacks and addresses in it are ignored."""

    success_callback = None
    failure_callback = None
    stopped_callback = None

    @property
    def func(self) -> Any:
        """The only function there is."""
        return deliver

    def _execute(self) -> Any:
        if self.func_name != FUNCTION or self.kwargs:
            raise RefusedDeliveryError("this is no delivery of the outbox")
        return deliver(*self.args)

    def send_webhooks(self, *_: Any, **__: Any) -> None:
        """Nothing: a queue does not make us call addresses."""


def deliver(company_id: str, job_id: str) -> str:
    """Run a delivered outbox row if it is still to be done."""
    from lunarfront.kernel.jobs.execution import run_job

    if _core is None:
        raise RuntimeError("no worker runs in this process")
    return run_job(_core, UUID(company_id), UUID(job_id)).value
