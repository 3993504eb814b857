"""The web server: granian, or waitress as the pure-Python fallback (runtime.md §7). ``python -m`` runs it."""

import functools
import importlib
import os
import signal
import sys

import structlog

from lunarfront.kernel.config import OperatorError, Settings, load_settings
from lunarfront.kernel.logs import configure_logging
from lunarfront.kernel.runtime.children import WEB_STOP_SECONDS
from lunarfront.kernel.runtime.database_urls import NO_DATABASE, database_urls
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.roles import connect

TARGET = "lunarfront.wsgi:app"


def serve(settings: Settings, target: str = TARGET) -> None:
    """Serve a WSGI application, ``module:name``, until SIGTERM or SIGINT. Raises StartRefused before it listens."""
    check_connections(settings)
    notice = plain_http_notice(settings)
    if notice:
        configure_logging(settings)
        structlog.get_logger(__name__).info(notice)
    if settings.server == "waitress":
        serve_with_waitress(settings, target)
    else:
        serve_with_granian(settings, target)


def plain_http_notice(settings: Settings) -> str:
    """Return what the start-up log says of cookies where people do not come over HTTPS, else nothing (SEC-23)."""
    if (settings.public_url or "").startswith("https://"):
        return ""
    return "LUNARFRONT_PUBLIC_URL is not an https address: cookies of plain HTTP are sent without Secure."


def check_connections(settings: Settings) -> None:
    """Refuse more web connections than the database takes (runtime.md §6). A pooler shares them: no check then."""
    if settings.db_pooler != "none":
        return
    if settings.database_url is None:
        raise StartRefused(f"{NO_DATABASE} `lunarfront up` starts one.")
    refuse_too_many(settings, free_connections(database_urls(settings).app_url))


def refuse_too_many(settings: Settings, free: int) -> None:
    """Raise StartRefused if the web processes may want more than ``free`` connections."""
    processes = 1 if settings.server == "waitress" else settings.workers
    wanted = processes * settings.pool_size
    if wanted > free:
        raise StartRefused(
            f"{processes} web processes with {settings.pool_size} connections each want {wanted}; the database"
            f" has {free}. Lower LUNARFRONT_WORKERS or LUNARFRONT_THREADS, or raise max_connections."
        )


def free_connections(url: str) -> int:
    """Return how many connections the server gives to ordinary users at most."""
    with connect(url) as connection:
        row = connection.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true), '0')::int"
        ).fetchone()
    return int(row[0]) if row else 0


def serve_with_granian(settings: Settings, target: str) -> None:
    """One process a worker, ``threads`` threads each; requests have 25 s to finish after SIGTERM.

    The target's module is imported before the processes fork, so that they share it.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    importlib.import_module(target.partition(":")[0])
    Granian(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(WEB_STOP_SECONDS) - 1,
        log_level=LogLevels(settings.log_level),
    ).serve()


def serve_with_waitress(settings: Settings, target: str) -> None:
    """One process with as many threads as its pool has connections."""
    import waitress

    server = waitress.create_server(
        load_target(target), host=settings.host, port=settings.port, threads=settings.pool_size, ident=None
    )
    dispatcher = server.task_dispatcher
    dispatcher.shutdown = functools.partial(dispatcher.shutdown, timeout=WEB_STOP_SECONDS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.run()


def load_target(target: str) -> object:
    """Return the object named ``module:name``."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def main(target: str = TARGET) -> int:
    """Serve with the settings of the environment; return the exit code."""
    try:
        serve(load_settings(os.environ), target)
    except OperatorError as error:
        sys.stderr.write(f"lunarfront: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
