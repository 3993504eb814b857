"""Commands that run processes: ``up``, ``down``, ``serve``, ``worker``, ``dispatcher`` (runtime.md §5, §7)."""

import json
import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click

from lunarfront.cli.command import Answer, command, plain_errors, settings_of
from lunarfront.cli.processes import DEMO_WSGI, WSGI, children, free_port, promised_line, wait_web, web_url
from lunarfront.kernel.config import Settings

STOPPED = Answer({"stopped": True}, ())
demo_option = click.option(
    "--demo", is_flag=True, hidden=True, help="Opened by `lunarfront demo` for its database."
)
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help="Port of the web server; 0 takes a free one."
)


@click.command("up")
@port_option
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), help="Data folder (LUNARFRONT_HOME)."
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON on standard output when it is ready.")
def up(port: int | None, home: Path | None, as_json: bool) -> None:
    """Run PostgreSQL, Valkey, web, dispatcher and workers under one supervisor until Ctrl-C."""
    with plain_errors(as_json):
        settings = settings_of(home)
        settings = replace(settings, port=free_port(settings.host, settings.port if port is None else port))
        with promised_line() if as_json else nullcontext(1) as stdout:
            _run(settings, stdout, as_json)


def _run(settings: Settings, stdout: int, as_json: bool) -> None:
    from lunarfront.cli.installation import installation
    from lunarfront.cli.marker import require_kind
    from lunarfront.kernel.runtime.supervisor import Supervisor

    with Supervisor(settings) as supervisor:
        services = supervisor.start_services()
        require_kind(services.urls.app_url, demo=False)
        with installation(replace(settings, database_url=services.urls.app_url)) as found:
            found.require_company()
        web, *jobs = children(settings, demo=False)
        supervisor.start_children([web])
        wait_web(supervisor, settings)
        supervisor.start_children(jobs)
        line = (
            json.dumps({"ready": True, "url": web_url(settings)}) if as_json else f"Open: {web_url(settings)}"
        )
        os.write(stdout, f"{line}\n".encode())
        supervisor.run()


@click.command("down")
@command
def down(settings: Settings) -> Answer:
    """Stop everything that runs on this data folder."""
    from lunarfront.kernel.runtime.leftovers import down as stop

    ran = stop(settings)
    return Answer({"stopped": ran}, ["Stopped." if ran else "Nothing ran."])


@click.command("serve")
@port_option
@demo_option
@command
def serve(settings: Settings, port: int | None, demo: bool) -> Answer:
    """Run the web server alone, on the database of DATABASE_URL."""
    from lunarfront.kernel.runtime import serve as server

    settings = settings if port is None else replace(settings, port=free_port(settings.host, port))
    server.serve(settings, DEMO_WSGI if demo else WSGI)
    return STOPPED


@click.command("worker")
@click.option(
    "--queue", default="default", show_default=True, type=click.Choice(["default", "billing", "mail"])
)
@click.option("--in-process", is_flag=True, help="No fork per job: faster, for small shops.")
@demo_option
@command
def worker(settings: Settings, queue: str, in_process: bool, demo: bool) -> Answer:
    """Work off one queue of jobs until SIGTERM."""
    from lunarfront.cli.installation import build_app
    from lunarfront.kernel.jobs import run_worker

    app = build_app(settings, demo=demo)
    with app.app_context():
        run_worker(app.extensions["lunarfront"], queue, in_process=in_process)
    return STOPPED


@click.command("dispatcher")
@demo_option
@command
def dispatcher(settings: Settings, demo: bool) -> Answer:
    """Hand due jobs to the queues and seal the journals until SIGTERM."""
    from lunarfront.cli.installation import build_app
    from lunarfront.kernel.jobs import run_dispatcher

    app = build_app(settings, demo=demo)
    with app.app_context():
        run_dispatcher(app.extensions["lunarfront"])
    return STOPPED
