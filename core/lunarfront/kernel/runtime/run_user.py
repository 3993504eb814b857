"""The operating system's user that PostgreSQL runs as: never root (runtime.md §4)."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.errors import StartRefused

if sys.platform != "win32":
    import pwd


@dataclass(frozen=True)
class RunUser:
    """A user to start programs as. ``None`` in ``uid`` means: as we are."""

    uid: int | None = None
    gid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that drop all rights of root."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> bool:
        """Whether the path belongs to this user."""
        return os.name == "nt" or path.stat().st_uid == (os.getuid() if self.uid is None else self.uid)

    def take(self, path: Path) -> None:
        """Make the user the owner of a path that we have just made."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether the user may go into the folder, parents included; asked of the system, not computed."""
        if self.uid is None:
            return os.access(folder, os.R_OK | os.X_OK)
        probe = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        return subprocess.run(probe, cwd="/", capture_output=True, check=False, **self.popen).returncode == 0


def choose_user(settings: Settings, data_dir: Path) -> RunUser:
    """Return who shall run PostgreSQL: ourselves, or, when we are root, another user that exists already.

    As root: LUNARFRONT_PG_USER, else the owner of an existing data folder, else ``postgres``, else ``nobody``.
    """
    if sys.platform == "win32" or os.getuid() != 0:
        return RunUser()
    if settings.pg_user:
        return _named(settings.pg_user)
    if data_dir.exists() and data_dir.stat().st_uid != 0:
        return RunUser(data_dir.stat().st_uid, data_dir.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            return _named(name)
        except StartRefused:
            continue
    raise StartRefused(
        "PostgreSQL does not run as root. Set LUNARFRONT_PG_USER to another user of this machine."
    )


def _named(name: str) -> RunUser:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise StartRefused(f"LUNARFRONT_PG_USER: this machine has no user {name}.") from None
    if entry.pw_uid == 0:
        raise StartRefused("LUNARFRONT_PG_USER must not be root: PostgreSQL refuses to run so.")
    return RunUser(entry.pw_uid, entry.pw_gid)
