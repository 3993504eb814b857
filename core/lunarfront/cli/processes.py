"""What ``up`` and ``demo`` start: the children of the supervisor and the port they serve."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import replace

from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.children import ChildSpec, standard_children
from lunarfront.kernel.runtime.errors import StartRefused

WSGI = "lunarfront.wsgi:app"
DEMO_WSGI = "lunarfront.cli.demo_wsgi:app"
#: An address that listens on every interface is reached here.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104


def children(settings: Settings, *, demo: bool, environ: Mapping[str, str] | None = None) -> list[ChildSpec]:
    """Return web, dispatcher and workers, opened for the demo or for a store."""
    given = {"LUNARFRONT_HOST": settings.host, "LUNARFRONT_PORT": str(settings.port), **(environ or {})}
    return [replace(spec, command=_command(spec, demo), environ=given) for spec in standard_children(settings)]


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
            raise StartRefused(f"Port {port} of {host} cannot be used: {error.strerror}. Choose another.") from None
        found: int = probe.getsockname()[1]
        return found


def web_url(settings: Settings) -> str:
    """Return the address of the web server as this machine reaches it."""
    host = EVERYWHERE.get(settings.host, f"[{settings.host}]" if ":" in settings.host else settings.host)
    return f"http://{host}:{settings.port}"
