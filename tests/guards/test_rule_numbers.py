"""A rule number in a test's name or a docstring is the number of a rule in planning/."""

import ast
import re
from functools import cache

from tests.guards.source import nodes, product_python, project_files, text

WRITTEN = re.compile(r"\b([A-Z]{2,3})-(\d{2})\b")
NAMED = re.compile(r"^test_([a-z]{2,3})_(\d{2})(?=_|$)")


@cache
def rules() -> frozenset[str]:
    """Return every rule number that a document of planning/ writes, ranges included."""
    documents = [text(name) for name in project_files() if re.fullmatch(r"planning/[a-z-]+\.md", name)]
    found = {"-".join(match) for document in documents for match in WRITTEN.findall(document)}
    for document in documents:
        for prefix, first, last in re.findall(r"\b([A-Z]{2,3})-(\d{2}) (?:to|-) (?:\1-)?(\d{2})\b", document):
            found |= {f"{prefix}-{number:02}" for number in range(int(first), int(last) + 1)}
    return frozenset(found)


def prefixes() -> set[str]:
    return {rule.split("-")[0] for rule in rules()}


def rules_in_test_names() -> dict[str, str]:
    """Return rule number to the test that names it."""
    tests = [name for name in project_files() if re.search(r"(^|/)tests/.*\.py$", name)]
    functions = [(name, node.name) for name in tests for node in nodes(name, ast.FunctionDef)]
    named = [(name, function, NAMED.match(function)) for name, function in functions]
    return {f"{m[1].upper()}-{m[2]}": f"{name}::{function}" for name, function, m in named if m}


def test_rules_named_by_tests_exist() -> None:
    unknown = {rule: where for rule, where in rules_in_test_names().items() if rule not in rules()}
    assert not unknown


def test_rules_named_by_code_exist() -> None:
    unknown = {
        f"{name}: {prefix}-{number}"
        for name in product_python()
        for prefix, number in WRITTEN.findall(text(name))
        if prefix in prefixes() and f"{prefix}-{number}" not in rules()
    }
    assert not unknown
