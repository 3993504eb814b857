"""A WSGI application for the tests of the servers: tells its process, its addresses, and can be slow."""

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with pid and addresses; ``/hold/<file>`` waits until that named pipe is written to."""
    path = str(environ["PATH_INFO"])
    if path.startswith("/hold"):
        Path(path.removeprefix("/hold")).read_bytes()
    start_response("200 OK", [("Content-Type", "application/json")])
    names = ("DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL")
    answer = {"pid": os.getpid(), "threads": threading.active_count()}
    return [json.dumps(answer | {name: os.environ.get(name) for name in names}).encode()]
