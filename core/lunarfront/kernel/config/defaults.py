"""Defaults that depend on the machine: where the data lies, how many processes, how the log looks."""

import os
import sys
from pathlib import Path

INSTALLED_HOME = Path("/var/lib/lunarfront")
MOST_WORKERS = 4


def checkout_root() -> Path | None:
    """Return the top folder of the source checkout that this code runs from, or None when it is installed."""
    root = Path(__file__).resolve().parents[4]
    return root if (root / "pyproject.toml").is_file() and (root / "core" / "lunarfront").is_dir() else None


def default_home() -> Path:
    """Return ``.lunarfront`` in a checkout, the system's folder for state when installed (runtime.md §4)."""
    root = checkout_root()
    if root is not None:
        return root / ".lunarfront"
    if os.name == "nt":
        return Path(os.environ.get("PROGRAMDATA", "C:/ProgramData")) / "LunarFront"
    return INSTALLED_HOME


def default_workers() -> int:
    """Return the number of processors this process may use, at most four."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_WORKERS)


def default_log() -> str:
    """Return ``pretty`` on a terminal, else ``json`` (runtime.md §6)."""
    return "pretty" if sys.stdout is not None and sys.stdout.isatty() else "json"
