"""``lunarfront doctor``: every setting with its source, and what this machine can do (runtime.md §6)."""

from collections.abc import Callable

import click

from lunarfront.cli.command import Answer, command
from lunarfront.kernel.config import OperatorError, Settings


@click.command("doctor")
@command
def doctor(settings: Settings) -> Answer:
    """Show settings (secrets masked) with their sources, and whether database and Redis can be used."""
    values = [{"name": n, "value": v, "source": s} for n, v, s in settings.describe()]
    findings = [_finding(name, look, settings) for name, look in LOOKS.items()]
    lines = [f"{row['name']:<36}{row['value']:<44}{row['source']}" for row in values]
    lines += ["", *(f"{f['name']:<36}{'ok' if f['ok'] else 'FAILED':<8}{f['detail']}" for f in findings)]
    return Answer({"settings": values, "findings": findings}, lines, ok=all(f["ok"] for f in findings))


def _finding(name: str, look: Callable[[Settings], str], settings: Settings) -> dict[str, object]:
    try:
        return {"name": name, "ok": True, "detail": look(settings)}
    except OperatorError as error:
        return {"name": name, "ok": False, "detail": str(error)}


def _database(settings: Settings) -> str:
    from lunarfront.kernel.runtime.find_postgres import find_postgres
    from lunarfront.kernel.runtime.roles import connect

    url = settings.database_url or settings.database_admin_url
    if url is None:
        install = find_postgres(settings)
        return f"embedded PostgreSQL {install.version} in {install.bin_dir}"
    with connect(url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {row[0] if row else 'unknown'} answers"


def _redis(settings: Settings) -> str:
    from lunarfront.kernel.runtime.errors import StartRefused
    from lunarfront.kernel.runtime.valkey import answers, find_valkey

    if settings.redis_url is None:
        return "not used" if settings.jobs != "rq" else f"embedded, {find_valkey()}"
    if not answers(settings.redis_url):
        raise StartRefused("REDIS_URL does not answer. Sales go on, jobs wait.")
    return "answers"


def _home(settings: Settings) -> str:
    import os

    from lunarfront.kernel.runtime.errors import StartRefused

    nearest = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    if not os.access(nearest, os.W_OK):
        raise StartRefused(f"{nearest} cannot be written. Set LUNARFRONT_HOME.")
    return str(settings.home)


LOOKS: dict[str, Callable[[Settings], str]] = {"data folder": _home, "database": _database, "redis": _redis}
