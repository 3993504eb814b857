"""Where PostgreSQL's data, socket and programs lie, so that its user can reach them (runtime.md §4)."""

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import HOME_MODE, ensure_home, make_folder
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import PostgresInstall
from lunarfront.kernel.runtime.run_user import RunUser, choose_user

#: Where things go that another user must reach while our own folders are closed to it.
STATE_ROOT = Path("/var/lib/lunarfront")
LONGEST_SOCKET = 80
POSTGRES_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Placement:
    """The folders of one server and the user that owns them."""

    user: RunUser
    data_dir: Path
    socket_dir: Path
    install: PostgresInstall


def data_dir_of(settings: Settings) -> Path:
    """Return the data folder: the one that exists, else the one in LUNARFRONT_HOME."""
    inside, outside = settings.home / "postgres", _outside(settings.home) / "postgres"
    return outside if (outside / "PG_VERSION").exists() and not (inside / "PG_VERSION").exists() else inside


def place(settings: Settings, install: PostgresInstall) -> Placement:
    """Return where this server lies. Makes the folders around the data, never changes one that exists.

    When the server's user cannot enter LUNARFRONT_HOME or the programs, a folder of STATE_ROOT is used instead.
    """
    ensure_home(settings.home)
    data_dir = data_dir_of(settings)
    user = choose_user(settings, data_dir)
    if not user.can_enter(data_dir.parent):
        data_dir = make_folder(_outside(settings.home), HOME_MODE) / "postgres"
    if not user.can_enter(install.bin_dir):
        install = carry(install, make_folder(STATE_ROOT, HOME_MODE))
    return Placement(user, data_dir, socket_folder(data_dir, user, POSTGRES_SOCKET), install)


def carry(install: PostgresInstall, root: Path) -> PostgresInstall:
    """Copy the programs, with the ``.libs`` folder beside their package, under ``root``; once per version."""
    tree = install.bin_dir.parent
    package = tree.parent
    target = root / f"programs-{install.version}-{_short(tree)}"
    if not target.exists():
        fresh = Path(tempfile.mkdtemp(prefix="programs-", dir=root))
        fresh.chmod(HOME_MODE)
        shutil.copytree(tree, fresh / package.name / tree.name, symlinks=True)
        libs = package.with_name(f"{package.name}.libs")
        if libs.is_dir():
            shutil.copytree(libs, fresh / libs.name, symlinks=True)
        _rename_or_drop(fresh, target)
    return PostgresInstall(target / package.name / tree.name / "bin", install.version)


def _rename_or_drop(fresh: Path, target: Path) -> None:
    """Give the copy its name; when another process was faster, its copy is as good."""
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh)
        if not target.exists():
            raise


def socket_folder(data_dir: Path, user: RunUser, socket: str) -> Path:
    """Return a folder that only the server's user and root may enter, with a path short enough for a socket."""
    beside = data_dir.with_name(f"{data_dir.name}-run")
    if len(os.fsencode(beside / socket)) <= LONGEST_SOCKET:
        return _private(beside, user)
    temporary = Path(tempfile.gettempdir())
    root = temporary if len(os.fsencode(temporary)) < LONGEST_SOCKET - 32 else Path("/tmp")  # noqa: S108
    return _private(root / f"lunarfront-{_short(data_dir)}", user)


def drop_socket_folder(folder: Path) -> None:
    """Remove the folder of a stopped server's socket, so that none stays behind in the temporary folder."""
    with suppress(OSError):
        folder.rmdir()


def _private(folder: Path, user: RunUser) -> Path:
    if not folder.exists():
        make_folder(folder)
        user.take(folder)
    found = folder.lstat()
    if (
        not stat.S_ISDIR(found.st_mode)
        or (found.st_mode & 0o077 and os.name == "posix")
        or not user.owns(folder)
    ):
        raise StartRefused(
            f"The folder {folder} is not private to the database's user. Remove it and start again."
        )
    return folder


def _outside(home: Path) -> Path:
    return STATE_ROOT / _short(home)


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
