"""The product as it runs in a store: embedded PostgreSQL with fsync, granian with two processes of two threads."""

import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.db.migrate import upgrade
from lunarfront.kernel.runtime.children import Child, standard_children
from lunarfront.kernel.runtime.roles import connect
from lunarfront.kernel.runtime.services import Services, start_services
from lunarfront.kernel.runtime.testing import temporary_home
from lunarfront.kernel.runtime.waiting import http_answers, until

PROCESSES, THREADS = 2, 2
START_SECONDS = 120.0


@dataclass(frozen=True)
class Installation:
    """Services with a migrated, empty database."""

    settings: Settings
    services: Services

    @property
    def postmaster(self) -> int:
        """The process whose children are PostgreSQL's."""
        with connect(self.services.urls.admin_url) as connection:
            data_dir = connection.execute("SHOW data_directory").fetchone()[0]  # type: ignore[index]
        return int((Path(data_dir) / "postmaster.pid").read_text().split()[0])


@contextmanager
def installation() -> Iterator[Installation]:
    """Start PostgreSQL (fsync on) and Valkey in a home of their own, migrate, and remove all at the end."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with temporary_home() as home:
        settings = load_settings(
            {
                "LUNARFRONT_HOME": str(home),
                "LUNARFRONT_WORKERS": str(PROCESSES),
                "LUNARFRONT_THREADS": str(THREADS),
                "LUNARFRONT_LOG": "json",
                "LUNARFRONT_METRICS": "",
            }
        )
        services = start_services(settings)
        try:
            upgrade(services.urls.require_owner())
            insist_on_safety(services.urls.admin_url)
            yield Installation(settings, services)
        finally:
            services.stop()


def insist_on_safety(url: str) -> None:
    """Refuse to measure a database that would lose sales in a crash."""
    with connect(url) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            value = connection.execute(f"SHOW {name}").fetchone()
            if value != ("on",):
                raise SystemExit(f"{name} is {value}: such a figure would mean nothing")


@dataclass(frozen=True)
class Web:
    """A running web server."""

    host: str
    port: int
    pid: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}"


@contextmanager
def web_server(installed: Installation, **more: str) -> Iterator[Web]:
    """Start granian with the log of a store, written to a file, and yield where it answers.

    ``more`` are further variables of its environment.
    """
    settings = replace(installed.settings, port=_free_port())
    log = settings.home / "web.log"
    child = _start(installed, settings, log, more)
    try:
        health = f"http://{settings.host}:{settings.port}/api/v1/health/live"
        until(lambda: child.process.poll() is not None or http_answers(health), START_SECONDS)
        if child.process.poll() is not None or not http_answers(health):
            raise SystemExit(f"the web server did not start:\n{log.read_text()}")
        yield Web(settings.host, settings.port, child.pid)
    finally:
        child.ask_to_stop()
        child.finish()


def _start(installed: Installation, settings: Settings, log: Path, more: dict[str, str]) -> Child:
    given = {
        "LUNARFRONT_HOST": settings.host, "LUNARFRONT_PORT": str(settings.port), "LUNARFRONT_METRICS": "",
        "LUNARFRONT_WORKERS": str(PROCESSES), "LUNARFRONT_THREADS": str(THREADS), "LUNARFRONT_LOG": "json",
    } | more  # fmt: skip
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LUNARFRONT_")}
    with _output_to(log):
        web = replace(standard_children(settings)[0], environ=given)
        return Child(web, installed.services.child_environment(clean))


@contextmanager
def _output_to(path: Path) -> Iterator[None]:
    """What is started here writes into the file."""
    kept = os.dup(1), os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        for target, handle in enumerate(kept, start=1):
            os.dup2(handle, target)
            os.close(handle)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def note(text: str) -> None:
    """Tell people what is going on; standard output is for figures."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
