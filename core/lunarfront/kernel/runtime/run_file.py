"""The file by which ``lunarfront down`` finds a running supervisor, and the next start what a killed one left."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from lunarfront.kernel.config.private_files import write_private
from lunarfront.kernel.runtime.waiting import has_ended

NAME = "supervisor.json"
#: The system rounds the times at which processes began.
SAME_MOMENT = 1.0


@dataclass(frozen=True)
class Entry:
    """A process, known by its pid and by when it began: a pid alone may belong to another one tomorrow."""

    pid: int
    began: float

    def find(self) -> psutil.Process | None:
        """Return the living process, or None."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.began) < SAME_MOMENT
            return process if same and not has_ended(process) else None
        except psutil.Error:
            return None

    def is_reused(self) -> bool:
        """Whether the pid belongs to another process today."""
        try:
            return abs(float(psutil.Process(self.pid).create_time()) - self.began) >= SAME_MOMENT
        except psutil.Error:
            return False


def entry_of(pid: int) -> Entry:
    """Return the entry of a process that lives now."""
    try:
        return Entry(pid, float(psutil.Process(pid).create_time()))
    except psutil.Error:
        return Entry(pid, 0.0)


def write_run_file(home: Path, children: Mapping[str, int]) -> None:
    """Note this process as the supervisor, and its children by name."""
    noted = {name: vars(entry_of(pid)) for name, pid in children.items()}
    write_private(home / NAME, json.dumps({"supervisor": vars(entry_of(os.getpid())), "children": noted}))


def remove_run_file(home: Path) -> None:
    """Forget the supervisor."""
    (home / NAME).unlink(missing_ok=True)


def read_run_file(home: Path) -> tuple[Entry | None, dict[str, Entry]]:
    """Return the supervisor and its children as they were noted last; neither need be alive."""
    try:
        noted = json.loads((home / NAME).read_text(encoding="utf-8"))
        children = {name: Entry(**entry) for name, entry in noted["children"].items()}
        return Entry(**noted["supervisor"]), children
    except (OSError, ValueError, TypeError, KeyError):
        return None, {}


def leftovers(children: Mapping[str, Entry]) -> list[psutil.Process]:
    """Return the living processes of these children and of their groups, whose leader may be dead."""
    leaders = [process for entry in children.values() if (process := entry.find()) is not None]
    groups = {entry.pid: entry.began for entry in children.values() if not entry.is_reused()}
    members = [process for process in psutil.process_iter() if _is_member(process, groups)]
    return list({process.pid: process for process in leaders + members}.values())


def _is_member(process: psutil.Process, groups: Mapping[int, float]) -> bool:
    if sys.platform == "win32" or not groups:
        return False
    with suppress(psutil.Error, ProcessLookupError, PermissionError):
        began = groups.get(os.getpgid(process.pid))
        return began is not None and process.create_time() >= began - SAME_MOMENT and not has_ended(process)
    return False
