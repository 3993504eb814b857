"""What ``up`` and ``demo`` start: the children of the supervisor and the port they serve."""

import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.children import ChildSpec, standard_children
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.supervisor import Supervisor
from lunarfront.kernel.runtime.waiting import http_answers, until

WSGI = "lunarfront.wsgi:app"
DEMO_WSGI = "lunarfront.wsgi:demo_app"
FIRST_ANSWER_SECONDS = 120.0
#: An address that listens on every interface is reached here.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104


def children(settings: Settings, *, demo: bool, environ: Mapping[str, str] | None = None) -> list[ChildSpec]:
    """Return web, dispatcher and workers, opened for the demo or for a store."""
    given = {"LUNARFRONT_HOST": settings.host, "LUNARFRONT_PORT": str(settings.port), **(environ or {})}
    return [
        replace(spec, command=_command(spec, demo), environ=given) for spec in standard_children(settings)
    ]


def _command(spec: ChildSpec, demo: bool) -> tuple[str, ...]:
    if spec.name == "web":
        return (sys.executable, "-m", "lunarfront.kernel.runtime.serve", DEMO_WSGI if demo else WSGI)
    return (*spec.command, "--demo") if demo else spec.command


def free_port(host: str, port: int) -> int:
    """Return ``port``, or a free one for 0.

    Raises:
        StartRefused: another program listens there.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartRefused(
                f"Port {port} of {host} cannot be used: {error.strerror}. Choose another."
            ) from None
        found: int = probe.getsockname()[1]
        return found


def web_url(settings: Settings) -> str:
    """Return the address of the web server as this machine reaches it."""
    host = EVERYWHERE.get(settings.host, f"[{settings.host}]" if ":" in settings.host else settings.host)
    return f"http://{host}:{settings.port}"


def wait_web(supervisor: Supervisor, settings: Settings) -> None:
    """Return as soon as the web server answers.

    Raises:
        StartRefused: it ended, or did not answer in time.
    """
    web = supervisor.children["web"].process
    health = f"{web_url(settings)}/api/v1/health/live"
    until(lambda: web.poll() is not None or http_answers(health), FIRST_ANSWER_SECONDS)
    if web.poll() is not None or not http_answers(health):
        raise StartRefused("The web server did not start; its reasons stand above.")


@contextmanager
def promised_line() -> Iterator[int]:
    """Yield a handle of standard output; meanwhile everything else, of children too, goes to standard error.

    So what a program reads there is the one line that was promised (runtime.md §2).
    """
    sys.stdout.flush()
    handle = os.dup(1)
    os.dup2(2, 1)
    try:
        yield handle
    finally:
        sys.stdout.flush()
        os.dup2(handle, 1)
        os.close(handle)
