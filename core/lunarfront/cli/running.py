"""Commands that run processes: ``up``, ``down``, ``serve``, ``worker``, ``dispatcher`` (runtime.md §5, §7)."""

import json
from dataclasses import replace

import click

from lunarfront.cli.command import Answer, command
from lunarfront.cli.processes import DEMO_WSGI, WSGI, children, free_port, wait_web, web_url
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
@command
def up(settings: Settings, port: int | None) -> Answer:
    """Run PostgreSQL, Valkey, web, dispatcher and workers under one supervisor until Ctrl-C."""
    from lunarfront.cli.installation import installation
    from lunarfront.cli.marker import require_kind
    from lunarfront.kernel.runtime.supervisor import Supervisor

    settings = replace(settings, port=free_port(settings.host, settings.port if port is None else port))
    with Supervisor(settings) as supervisor:
        services = supervisor.start_services()
        require_kind(services.urls.app_url, demo=False)
        with installation(replace(settings, database_url=services.urls.app_url)):
            pass
        supervisor.start_children(children(settings, demo=False))
        wait_web(supervisor, settings)
        click.echo(json.dumps({"ready": True, "url": web_url(settings)}))
        supervisor.run()
    return STOPPED


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
