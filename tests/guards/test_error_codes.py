"""The registry of error codes is the list of domain-core.md §10.1, and code raises nothing else."""

import ast
import re

from lunarfront.kernel.problem_codes import CODES_BY_STATUS
from tests.guards.source import called, nodes, product_python, text

ROW = re.compile(r"^\| (\d{3}) \| (.+) \|$", re.MULTILINE)

CODE_PLACE = {"Problem": 0, "invalid": 1}


def documented() -> dict[int, set[str]]:
    section = text("planning/domain-core.md").split("### 10.1 ")[1].split("\n## ")[0]
    return {int(status): set(re.findall(r"`([a-z_]+)`", codes)) for status, codes in ROW.findall(section)}


def raised() -> set[tuple[str, str]]:
    """Return each literal code given to `Problem(code, …)` or `invalid(field, code, …)`, with its file."""
    return {
        (name, str(node.args[place].value))
        for name in product_python()
        for node in nodes(name, ast.Call)
        if (place := CODE_PLACE.get(called(node).split(".")[-1])) is not None
        and len(node.args) > place
        and isinstance(node.args[place], ast.Constant)
    }


def test_the_registry_equals_the_document() -> None:
    assert {status: set(codes) for status, codes in CODES_BY_STATUS.items()} == documented()


def test_every_raised_code_is_listed() -> None:
    listed = {code for codes in CODES_BY_STATUS.values() for code in codes}
    assert not {(name, code) for name, code in raised() if code not in listed}
