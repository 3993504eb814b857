"""Documents point at things that exist."""

import re
from pathlib import PurePosixPath

import pytest

from tests.guards.source import ROOT, project_files, text

DOCUMENTS = [name for name in project_files() if name.endswith(".md")]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
GUIDES = [name for name in DOCUMENTS if name.startswith(("README", "docs/"))]
TARGETS = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files(name: str) -> None:
    folder = PurePosixPath(name).parent
    assert not [link for link in LINK.findall(text(name)) if not (ROOT / folder / link).exists()]


@pytest.mark.parametrize("name", GUIDES)
def test_make_targets_in_guides_exist(name: str) -> None:
    assert set(re.findall(r"`?make ([a-z-]+)", text(name))) <= TARGETS


@pytest.mark.parametrize("name", GUIDES)
def test_guides_name_no_flask_command(name: str) -> None:
    """There is one console script for operators (architecture.md §11)."""
    assert not re.search(r"\bflask (db|run|shell)\b", text(name))
