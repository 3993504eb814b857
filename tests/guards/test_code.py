"""Code that product files must not contain, read from their syntax trees."""

import ast

import pytest

from tests.guards.source import called, imported, is_product, nodes, product_python, text

#: Seconds on a machine's clock are the one thing that is a float here.
SECONDS = (
    "kernel/runtime/",
    "kernel/jobs/",
    "kernel/metrics",
    "kernel/health",
    "kernel/logs",
    "sdk/testing/",
)
#: The import map is built from our own manifest; a script element's text is not HTML, so escaping would break it.
OWN_MARKUP = ("core/lunarfront/web/assets.py",)
DANGEROUS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "yaml.load",
    "yaml.unsafe_load",
}
PICKLES = {"pickle", "cPickle", "dill", "marshal", "shelve", "cloudpickle"}


def where(name: str, node: ast.AST) -> str:
    return f"{name}:{getattr(node, 'lineno', 0)}"


def calls(*names: str, under: str = "") -> list[str]:
    """Return where product code calls one of the names; `.x` means any method x."""
    files = [name for name in product_python() if under in name]
    return [where(f, node) for f in files for node in nodes(f, ast.Call) if matches(called(node), names)]


def matches(found: str, names: tuple[str, ...]) -> bool:
    return any(found.endswith(name) if name.startswith(".") else found == name for name in names)


def is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "float"


def test_money_is_never_a_float() -> None:
    """No `float` as call, annotation or type (GEN rules, MON-01), but for seconds of the machine's own clock."""
    files = [name for name in product_python() if not any(part in name for part in SECONDS)]
    found = [where(name, node) for name in files for node in nodes(name, ast.Name) if is_float(node)]
    assert not found, f"use Decimal: {found}"


def test_sec_57_nothing_runs_text_or_pickles() -> None:
    found = calls(*DANGEROUS)
    found += [
        f"{name}:{line}" for name in product_python() for module, line in imported(name) if module in PICKLES
    ]
    assert not found


def test_sec_57_no_shell_strings() -> None:
    shells = [
        where(name, node)
        for name in product_python()
        for node in nodes(name, ast.keyword)
        if node.arg == "shell" and not (isinstance(node.value, ast.Constant) and node.value.value is False)
    ]
    assert not shells


def test_randomness_comes_from_secrets_and_order_from_uuid7() -> None:
    found = [
        f"{name}:{line}" for name in product_python() for module, line in imported(name) if module == "random"
    ]
    found += calls("uuid4", "uuid.uuid4")
    assert not found, f"use secrets, or lunarfront.kernel.ids.uuid7 for keys: {found}"


def test_domains_take_the_time_from_their_context() -> None:
    found = calls(
        "datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time", "datetime.datetime.now",
        "datetime.date.today", under="/domains/",
    )  # fmt: skip
    assert not found, f"use ctx.now: {found}"


@pytest.mark.parametrize("room", ["service", "queries", "rules"])
def test_only_the_unit_of_work_commits(room: str) -> None:
    found = [hit for hit in calls(".commit", ".rollback", under="/domains/") if f"/{room}" in hit]
    assert not found


def test_markup_is_made_in_macros_only() -> None:
    """Python builds no markup from values: Jinja's escaping is the only writer of HTML."""
    found = [
        where(name, node)
        for name in product_python()
        if name not in OWN_MARKUP
        for node in nodes(name, ast.Call)
        if called(node).endswith("Markup") and not all(isinstance(arg, ast.Constant) for arg in node.args)
    ]
    assert not found


def test_plugins_import_the_sdk_only() -> None:
    found = [
        f"{name}:{line} {module}"
        for name in product_python()
        if is_product(name) and not name.startswith("core/")
        for module, line in imported(name)
        if module.split(".")[0] == "lunarfront"
        and module != "lunarfront"
        and not module.startswith("lunarfront.sdk")
    ]
    assert not found


def test_nothing_is_left_half_done() -> None:
    words = ("NotImplementedError", "TODO", "FIXME", "HACK")
    found = [f"{name}: {word}" for name in product_python() for word in words if word in text(name)]
    assert not found
