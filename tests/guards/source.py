"""What the guards read: the files of this checkout and their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("core/lunarfront/", "lunarfront_rentals/src/", "lunarfront_lessons/src/", "lunarfront_repairs/src/",
           "lunarfront_personnel/src/", "plugins/")  # fmt: skip


@cache
def project_files() -> tuple[str, ...]:
    """Return the paths, relative to the checkout, of every file that is or would be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted({name for name in listed if (ROOT / name).is_file()}))


@cache
def text(name: str) -> str:
    """Return the content of a project file."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(text(name), name)


def product_python() -> list[str]:
    """Return the Python files that are installed at a store."""
    return [name for name in project_files() if name.endswith(".py") and is_product(name)]


def is_product(name: str) -> bool:
    """Whether a file is installed at a store: ours, and not a plugin's own tests."""
    return name.startswith(PRODUCT) and "/tests/" not in name


def nodes(name: str, *kinds: type) -> Iterator[ast.AST]:
    """Yield the nodes of the given kinds in a Python file."""
    return (node for node in ast.walk(tree(name)) if isinstance(node, kinds))


def called(node: ast.Call) -> str:
    """Return the dotted name of what is called, as far as it is a name: `yaml.load`, `float`, `.commit`."""
    return dotted(node.func)


def dotted(node: ast.expr) -> str:
    """Return a dotted name; a part that is no name is left empty."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(name: str) -> Iterator[tuple[str, int]]:
    """Yield each module that a Python file imports, with its line."""
    for node in nodes(name, ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
