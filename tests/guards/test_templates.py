"""What a template may not contain, core's and modules' alike (frontend.md §4)."""

import re
from html.parser import HTMLParser

import pytest

from tests.guards.source import is_product, project_files, text

TEMPLATES = [name for name in project_files() if is_product(name) and name.endswith((".html", ".jinja"))]
CSS_CLASS = re.compile(r"{%-?\s*block \w*_class\b.*?endblock\s*-?%}", re.DOTALL)
TRANSLATED = re.compile(r"{%-?\s*trans\b.*?endtrans\s*-?%}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
STATEMENT = re.compile(r"{%.*?%}", re.DOTALL)
EXPRESSION = re.compile(r"{{.*?}}", re.DOTALL)
WORDS = re.compile(r"[^\W\d_]{2,}")
NAMES = {"LunarFront"}
READ_ALOUD = ("title", "placeholder", "alt", "aria-label", "aria-description")
COLORED = ("fill", "stroke", "color", "bgcolor")


class Reader(HTMLParser):
    """Collects what is forbidden in one template, with its line."""

    def __init__(self, in_macros: bool) -> None:
        super().__init__()
        self.in_macros = in_macros
        self.faults: list[str] = []
        self.silent = 0

    def fault(self, what: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.silent += tag in ("script", "style")
        if tag == "script" and "src" not in given and given.get("type") != "importmap":
            self.fault("inline script")
        if tag == "img" and "alt" not in given:
            self.fault("image without alt")
        for name, value in given.items():
            self.attribute(name, value)

    def attribute(self, name: str, value: str) -> None:
        if name == "style" or name.startswith(("on", "hx-on")):
            self.fault(f"attribute {name}")
        if name == "hx-vals" and value.strip().startswith("js:"):
            self.fault("computed hx-vals")
        if name in COLORED and value.startswith("#"):
            self.fault(f"hard-coded color {value}")
        if name in READ_ALOUD and untranslated(value):
            self.fault(f"untranslated {name} {value!r}")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent and untranslated(data):
            self.fault(f"untranslated text {data.strip()!r}")


def untranslated(value: str) -> bool:
    """Whether a literal has words other than names."""
    return bool(set(WORDS.findall(value)) - NAMES)


def faults(source: str, in_macros: bool = False) -> list[str]:
    """Return what is wrong with the source of a template."""
    marked = (
        [] if in_macros else [f"|safe in {found!r}" for found in re.findall(r"{{[^}]*\|\s*safe\b", source)]
    )
    for pattern in (CSS_CLASS, TRANSLATED, COMMENT, STATEMENT, EXPRESSION):
        source = pattern.sub(lambda found: "\n" * found.group().count("\n"), source)
    reader = Reader(in_macros)
    reader.feed(source)
    return marked + reader.faults


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_has_nothing_forbidden(name: str) -> None:
    assert not faults(text(name), in_macros="/macros/" in name)


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red"></p>', '<a onclick="x()"></a>', '<a hx-on:click="x"></a>', "<script>x()</script>",
        "<div hx-vals=\"js:{a: 1}\"></div>", '<img src="x">', "{{ text|safe }}", "<p>Hello there</p>",
        '<input placeholder="Search">', '<path fill="#fff"/>',
    ],
)  # fmt: skip
def test_the_reader_sees_each_fault(bad: str) -> None:
    assert faults(bad)


def test_the_reader_lets_good_markup_pass() -> None:
    good = '<p id="{{ x }}">{{ _("Hello") }} LunarFront</p><script type="importmap">{"a": 1}</script><img alt="">'
    assert not faults(good)
