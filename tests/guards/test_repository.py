"""What may never be committed: addresses, machine paths, third parties' files, built files."""

import json
import re
from pathlib import Path

import pytest

from tests.guards.source import ROOT, project_files, text

BUILD_FILES = ["pyproject.toml", ".npmrc", "package.json", "Makefile", "dev.py", "hatch_build.py", ".ci/run"]
LOOPBACK = re.compile(r"\w+://(\w+@)?(127\.0\.0\.1|localhost)\b")
BINARY = (".png", ".jpg", ".gz", ".ico", ".pdf", ".woff2")
THIRD_PARTY = re.compile(r"(\.min\.(js|css)$|(^|/)(vendor|node_modules)/|\.(woff2?|ttf|otf)$)")
BUILT = re.compile(r"((^|/)(uv\.lock|__pycache__|\.venv|\.lunarfront)($|/)|static/dist/|\.egg-info/)")
LOCKS = sorted(path.name for path in (ROOT / "requirements").glob("*.lock"))


def test_the_three_locks_are_there() -> None:
    assert LOCKS == ["bootstrap.lock", "dev.lock", "runtime.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_hashes_and_no_address(lock: str) -> None:
    content = text(f"requirements/{lock}")
    assert "://" not in content
    assert "index-url" not in content
    assert "find-links" not in content
    unhashed = [
        line
        for line in content.split("\n")
        if re.match(r"^[a-z0-9]", line) and not line.rstrip().endswith("\\")
    ]
    assert not unhashed
    assert content.count("==") <= content.count("--hash=sha256:")


def test_the_npm_lock_holds_no_address() -> None:
    packages = json.loads(text("package-lock.json"))["packages"]
    assert not [name for name, package in packages.items() if "://" in str(package.get("resolved", ""))]
    assert all("integrity" in package for name, package in packages.items() if name)


@pytest.mark.parametrize("name", BUILD_FILES)
def test_build_files_name_no_address(name: str) -> None:
    assert "://" not in LOOPBACK.sub("", text(name))


def test_no_file_names_the_machine_it_was_written_on() -> None:
    here = {f"{ROOT.parent}/", f"{Path.home()}/"} - {"//"}
    files = [name for name in project_files() if not name.endswith(BINARY)]
    assert not [(name, path) for name in files for path in here if path in text(name)]


def test_nothing_built_or_foreign_is_committed() -> None:
    assert not [name for name in project_files() if THIRD_PARTY.search(name) or BUILT.search(name)]
