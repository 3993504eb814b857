"""Normal forms of text (SRC-02, INV-01)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.kernel.text import folded, identifier_key, prefix_end, search_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ångström ", "angstrom"),
        ("Dvořák\tNo. 9", "dvorak no. 9"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
    ],
)
def test_src_02_case_accents_and_spaces_do_not_count(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_src_02_search_text_leaves_out_what_is_empty() -> None:
    assert search_text("Violin", None, "", "4/4") == "violin 4/4"


@given(st.text())
def test_src_02_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_inv_01_case_does_not_count_but_accents_do() -> None:
    assert identifier_key(" Abc-1 ") == identifier_key("ABC-1")
    assert identifier_key("é") != identifier_key("e")


@given(st.text(), st.text())
def test_src_02_prefix_range_holds_what_begins_with_it(prefix: str, rest: str) -> None:
    assert prefix <= prefix + rest <= prefix_end(prefix) or rest.startswith("\U0010ffff")
