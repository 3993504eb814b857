"""Files and functions stay small: a soft limit with a ratchet, and a hard one (architecture.md §3)."""

import ast
import json
from collections.abc import Iterator

import pytest

from tests.guards.source import ROOT, nodes, project_files, text

RATCHET = json.loads((ROOT / "tests/guards/size_ratchet.json").read_text())
FILE_SOFT, FILE_HARD = 400, 600
FUNCTION_SOFT, FUNCTION_HARD = 40, 60
ENDINGS = (".py", ".ts", ".mjs", ".css", ".html")


def sources() -> list[str]:
    return [name for name in project_files() if name.endswith(ENDINGS) and "migrations/versions/" not in name]


def file_sizes() -> Iterator[tuple[str, int]]:
    yield from ((name, len(text(name).splitlines())) for name in sources())


def function_sizes() -> Iterator[tuple[str, int]]:
    for name in sources():
        if name.endswith(".py"):
            for node in nodes(name, ast.FunctionDef, ast.AsyncFunctionDef):
                yield f"{name}::{node.name}", body_lines(node)


def body_lines(node: ast.FunctionDef) -> int:
    """Lines of a function without decorators and docstring."""
    last = node.end_lineno or node.lineno
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    documented = (first.end_lineno or first.lineno) - first.lineno + 1 if is_docstring else 0
    return last - node.lineno + 1 - documented


CASES = {
    "files": (file_sizes, FILE_SOFT, FILE_HARD),
    "functions": (function_sizes, FUNCTION_SOFT, FUNCTION_HARD),
}


@pytest.mark.parametrize("what", CASES)
def test_nothing_grows_past_its_limit(what: str) -> None:
    measure, soft, hard = CASES[what]
    allowed = RATCHET[what]
    over = [
        f"{name}: {size} lines"
        for name, size in measure()
        if size > min(hard, max(soft, allowed.get(name, 0)))
    ]
    assert not over, f"cut these by use case (soft {soft}, hard {hard}): {over}"


@pytest.mark.parametrize("what", CASES)
def test_the_ratchet_names_only_what_is_over_the_soft_limit(what: str) -> None:
    measure, soft, _ = CASES[what]
    largest: dict[str, int] = {}
    for name, size in measure():
        largest[name] = max(size, largest.get(name, 0))
    loose = {name: size for name, size in RATCHET[what].items() if largest.get(name, 0) <= soft}
    assert not loose, f"these are small again, remove them from size_ratchet.json: {loose}"
