"""The development commands: thin make targets, a stamp that knows when it is old, lock changes in words."""

import importlib
import os
import re
from importlib.metadata import version
from pathlib import Path

import pytest

import dev

MAKEFILE = (dev.ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z-]+):(.*)$", MAKEFILE, re.MULTILINE)


def test_every_make_target_has_help_text() -> None:
    assert len(TARGETS) >= 8
    assert not [name for name, rest in TARGETS if not re.search(r"## \w", rest)]


def test_make_and_dev_py_offer_the_same_commands() -> None:
    assert {name for name, _ in TARGETS} - {"help"} == set(dev.COMMANDS)


def test_every_command_says_what_it_does() -> None:
    assert all(function.__doc__ for function in dev.COMMANDS.values())


@pytest.mark.parametrize("folder", dev.projects(), ids=lambda folder: folder.name)
def test_our_distributions_are_installed_in_place(folder: Path) -> None:
    """An uninstalled module folder would import as an empty namespace, without an error (architecture.md §2)."""
    distribution = re.search(r'^name = "(.+)"$', (folder / "pyproject.toml").read_text(), re.MULTILINE)
    assert distribution
    package = importlib.import_module(distribution[1].replace("-", "_"))
    assert package.__file__
    assert package.__version__ == version(distribution[1])
    assert folder in Path(package.__file__).parents


def test_a_lock_newer_than_the_stamp_means_set_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp, lock = tmp_path / "stamp", tmp_path / "dev.lock"
    stamp.touch()
    lock.touch()
    monkeypatch.setattr(dev, "STAMP", stamp)
    monkeypatch.setattr(dev, "inputs", lambda: [lock])
    os.utime(lock, (1, 1))
    assert dev.is_set_up()
    os.utime(lock, (stamp.stat().st_mtime + 5,) * 2)
    assert not dev.is_set_up()


def test_an_old_python_ends_with_a_plain_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "OLDEST_PYTHON", (9, 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        dev.check_machine()


def test_a_full_disk_ends_with_a_plain_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "FREE_BYTES", 2**80)
    with pytest.raises(SystemExit, match="2 GB"):
        dev.check_machine()


def test_lock_changes_are_told_one_by_one() -> None:
    before, after = {"a": "1", "b": "1", "c": "2"}, {"a": "1", "b": "2", "d": "3"}
    assert dev.changes(before, after) == ["b: 1 -> 2", "c: 2 -> -", "d: - -> 3"]


def test_pins_are_read_from_a_lock() -> None:
    pins = dev.pins(dev.LOCKS / "bootstrap.lock")
    assert list(pins) == ["uv"]
