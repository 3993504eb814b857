"""``lunarfront demo``: a seeded music store on this machine (runtime.md §2, architecture.md §11)."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lunarfront.cli.command import plain_errors, settings_of
from lunarfront.cli.demo_database import open_demo, prepare
from lunarfront.cli.marker import Kind, mark
from lunarfront.cli.processes import children, free_port, promised_line, wait_web, web_url
from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.supervisor import Supervisor

#: On in the demo, whatever the environment says: companies over the API (ORG-04), no port for metrics.
DEMO_ENVIRONMENT = {"LUNARFRONT_OPEN_COMPANIES": "1", "LUNARFRONT_METRICS": ""}
#: The terminal belongs to what the demo itself has to say, unless somebody asks for more.
QUIET = {"LUNARFRONT_LOG_LEVEL": "warning"}


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the web server; 0 takes a free one.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Folder with the demo's data.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON on standard output when it is ready.")
def demo(port: int | None, home: Path | None, as_json: bool) -> None:
    """Run the demo store until Ctrl-C: database, seed, web and jobs."""
    with plain_errors(as_json):
        quiet = QUIET if "LUNARFRONT_LOG_LEVEL" not in os.environ else {}
        settings = settings_of(home, **DEMO_ENVIRONMENT, **quiet)
        if home is None:
            settings = replace(settings, home=settings.home / "demo")
        wanted = settings.port if port is None else port
        run(replace(settings, port=free_port(settings.host, wanted)), as_json=as_json)


def run(settings: Settings, *, as_json: bool) -> None:
    """Start everything, load the store at the first start, say where it is and stay until a signal."""
    with promised_line() as stdout, Supervisor(settings) as supervisor:
        with step("database and queue"):
            services = supervisor.start_services()
        with step("migrations"):
            kind = prepare(settings, services)
        web, *jobs = children(settings, demo=True, environ=_environment(settings))
        with step("organisation and web"):
            supervisor.start_children([web])
            opened = open_demo(settings, services)
            wait_web(supervisor, settings)
        if kind is Kind.DEMO_BEGUN:
            with step("goods, customers, first sales"):
                opened.load(web_url(settings))
            mark(services.urls.require_owner(), Kind.DEMO)
        supervisor.start_children(jobs)
        announce(stdout, opened.store.ready_line(web_url(settings)), settings, as_json)
        supervisor.run()


def _environment(settings: Settings) -> dict[str, str]:
    """What the demo's processes get beside the addresses of its servers."""
    return DEMO_ENVIRONMENT | {"LUNARFRONT_LOG_LEVEL": settings.log_level}


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print how many seconds a step took."""
    began = time.monotonic()
    yield
    click.echo(f"{title:<44}{time.monotonic() - began:7.1f} s", err=True)


def announce(stdout: int, line: dict[str, Any], settings: Settings, as_json: bool) -> None:
    """Print the one line of JSON, or address and logins for people."""
    text = json.dumps(line) if as_json else welcome(line, settings)
    os.write(stdout, f"{text}\n".encode())


def welcome(line: dict[str, Any], settings: Settings) -> str:
    """Return address, logins, token and folder as people read them."""
    people = [
        f"  {u['email']:<28}{u['roles'][0]:<12}staff number {u['staff_number']}, PIN {u['pin']}"
        for u in line["users"]
    ]
    lines = [
        "",
        f"Riverside Music is open: {line['url']}",
        f"Sign in with the password “{line['users'][0]['password']}” as",
        *people,
        f"API token of the administrator: {line['api_token']}",
        f"Data: {settings.home}",
        "Ctrl-C stops everything; the next start keeps what you did.",
    ]
    return "\n".join(lines)
