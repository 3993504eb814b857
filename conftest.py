"""Which tests this machine can run: those marked `browser` need an installed chromium."""

import os
import shutil
from pathlib import Path

import pytest

LEFT_OUT = pytest.StashKey[list[str]]()


def has_chromium() -> bool:
    """Whether LUNARFRONT_CHROMIUM or PATH names an installed browser."""
    return Path(os.environ.get("LUNARFRONT_CHROMIUM") or shutil.which("chromium") or "-").exists()


def is_ci() -> bool:
    """With CI=true nothing is left out: what cannot run fails."""
    return os.environ.get("CI") == "true"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here and remember to say so."""
    said = config.stash.setdefault(LEFT_OUT, [])
    if not has_chromium() and not is_ci() and leave_out(config, items, "browser"):
        said.append("BROWSER TESTS LEFT OUT: install Debian's package chromium, or set LUNARFRONT_CHROMIUM")


def leave_out(config: pytest.Config, items: list[pytest.Item], marker: str) -> int:
    """Deselect the items with the marker and return how many there were."""
    gone = [item for item in items if item.get_closest_marker(marker)]
    if gone:
        items[:] = [item for item in items if not item.get_closest_marker(marker)]
        config.hook.pytest_deselected(items=gone)
    return len(gone)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say it loudly, above pytest's own closing line."""
    for line in config.stash.get(LEFT_OUT, []):
        terminalreporter.write_line(line, yellow=True, bold=True)
