"""Work whose every run leaves a trace, in the database and outside."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs import ExternalCall, JobKind

#: Seconds; with the short lease of ``program.py`` lost work is found again quickly.
TIMEOUT = 3
DONE, SENT = "chaos.done", "chaos.sent"


def follow_up(ctx: CompanyContext, payload: dict[str, Any]) -> None:
    """Leave one row a run; a little work makes it likely to be killed in the middle."""
    ctx.uow.query("SELECT pg_sleep(0.01)")
    audit.record(ctx, DONE, "chaos", UUID(payload["sale_id"]))


def send(call: ExternalCall) -> str:
    """Tell the outside, under a key that makes a repeat harmless there."""
    line = f"{call.id}\n".encode()
    handle = os.open(Path(call.payload["outside"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(handle, line)
    finally:
        os.close(handle)
    return "accepted"


def record_sent(ctx: CompanyContext, payload: dict[str, Any], result: str) -> None:
    """Keep what the outside answered."""
    audit.record(ctx, SENT, "chaos", UUID(payload["sale_id"]), new={"result": result})


KINDS = (
    JobKind("chaos.follow_up", follow_up, timeout=TIMEOUT),
    JobKind("chaos.send", send, external=True, timeout=TIMEOUT, record=record_sent, queue="mail"),
)
