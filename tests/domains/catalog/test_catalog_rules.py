"""Pure rules of the catalogue."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.domains.catalog import rules
from lunarfront.kernel.ids import uuid7

payloads = st.text("0123456789", min_size=1, max_size=17)


@pytest.mark.parametrize(("payload", "digit"), [("03600029145", 2), ("400638133393", 1), ("9638507", 4)])
def test_inv_04_check_digits_of_the_worked_example(payload: str, digit: int) -> None:
    assert rules.check_digit(payload) == digit


@given(payloads)
def test_inv_04_every_payload_has_one_check_digit(payload: str) -> None:
    valid = [digit for digit in "0123456789" if rules.has_valid_check_digit(payload + digit)]
    assert valid == [str(rules.check_digit(payload))]


@given(payloads, st.data())
def test_inv_04_one_wrong_digit_is_seen(payload: str, data: st.DataObject) -> None:
    code = payload + str(rules.check_digit(payload))
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != code[place]]))
    assert not rules.has_valid_check_digit(code[:place] + other + code[place + 1 :])


@given(payloads)
def test_inv_04_a_leading_zero_does_not_change_the_check_digit(payload: str) -> None:
    assert rules.check_digit("0" + payload) == rules.check_digit(payload)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_inv_04_upc_and_its_ean_form_are_the_same_codes(payload: str) -> None:
    upc = payload + str(rules.check_digit(payload))
    assert set(rules.same_codes(upc)) == set(rules.same_codes("0" + upc)) == {upc, "0" + upc}


@pytest.mark.parametrize(
    ("code", "kind", "fault"),
    [
        ("036000291452", "upc_a", None),
        ("036000291453", "upc_a", "barcode_check_digit"),
        ("4006381333931", "ean_13", None),
        ("4006381333932", "ean_13", "barcode_check_digit"),
        ("96385074", "ean_8", None),
        ("9638507", "ean_8", "validation_failed"),
        ("２006381333931", "ean_13", "validation_failed"),
        ("2000000000015", "internal", None),
        ("2000000000016", "internal", "barcode_check_digit"),
        ("LF-0001", "internal", None),
        ("A b/1", "code_128", None),
        ("é", "code_128", "validation_failed"),
    ],
)
def test_inv_04_codes_fit_their_kind(code: str, kind: str, fault: str | None) -> None:
    found = rules.barcode_fault(code, kind)
    assert (found[0] if found else None) == fault


@pytest.mark.parametrize(
    ("code", "kind"),
    [("036000291452", "upc_a"), ("4006381333931", "ean_13"), ("96385074", "ean_8"), ("X1", "code_128")],
)
def test_inv_04_kind_is_seen_from_the_code(code: str, kind: str) -> None:
    assert rules.barcode_kind(code) == kind


def chain(length: int) -> tuple[list[UUID], dict[UUID, UUID | None]]:
    nodes = [uuid7() for _ in range(length)]
    return nodes, {node: nodes[i - 1] if i else None for i, node in enumerate(nodes)}


def test_categories_are_at_most_five_levels_deep() -> None:
    nodes, parents = chain(5)
    assert rules.tree_fault(parents, None, nodes[3]) is None
    assert rules.tree_fault(parents, None, nodes[4]) is not None


def test_a_moved_category_takes_its_depth_with_it() -> None:
    nodes, parents = chain(3)
    top, below = uuid7(), uuid7()
    parents |= {top: None, below: top}
    assert rules.tree_fault(parents, top, nodes[2]) is None
    parents[uuid7()] = below
    assert rules.tree_fault(parents, top, nodes[2]) is not None


def test_a_category_cannot_lie_inside_itself() -> None:
    nodes, parents = chain(3)
    assert rules.tree_fault(parents, nodes[0], nodes[2]) is not None
    assert rules.tree_fault(parents, nodes[0], nodes[0]) is not None


def test_subtree_holds_all_below() -> None:
    nodes, parents = chain(4)
    assert rules.subtree(parents, nodes[1]) == set(nodes[1:])
