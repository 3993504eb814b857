"""Makes a new data folder for PostgreSQL, whole or not at all (runtime.md §4)."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.placement import Placement

SUPERUSER = "lunarfront"


def child_environment() -> dict[str, str]:
    """Return the environment of PostgreSQL's programs: ours without its own variables and without our secrets."""
    kept = ("PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}


def init_database(place: Placement, password: str, *, unsafe: bool) -> None:
    """Run ``initdb`` in a folder beside the data folder and rename it when all went well. Raises StartRefused."""
    fresh = place.data_dir.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    place.user.take(fresh)
    with tempfile.TemporaryDirectory(prefix="lunarfront-") as folder:
        answer = subprocess.run(
            _command(place, fresh, _password_file(place, Path(folder), password), unsafe=unsafe),
            cwd="/" if os.name == "posix" else None,
            env=child_environment(),
            capture_output=True,
            text=True,
            check=False,
            **place.user.popen,
        )
    if answer.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise StartRefused(f"PostgreSQL could not make its data folder: {answer.stderr.strip()}")
    fresh.rename(place.data_dir)


def _command(place: Placement, fresh: Path, password_file: Path, *, unsafe: bool) -> list[str]:
    options = [
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--data-checksums",
        *locale_options(place.install.major),
    ]
    return [place.install.program("initdb"), *options, *(["--no-sync"] if unsafe else [])]


def locale_options(major: int) -> list[str]:
    """Return the options that make sorting the same on every machine."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _password_file(place: Placement, folder: Path, password: str) -> Path:
    place.user.take(folder)
    path = folder / "password"
    path.touch(mode=0o600)
    path.write_text(password, encoding="ascii")
    place.user.take(path)
    return path
