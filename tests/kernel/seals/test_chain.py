"""The chain as mathematics (AUD-04)."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.kernel.seals.chain import GENESIS, Head, canonical, link

ROW = {
    "seq": 7,
    "id": UUID(int=1),
    "amount": Decimal("12.30"),
    "at": datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=-6))),
    "old": None,
    "new": {"b": "é", "a": [True, None]},
}
TEXT = (
    '{"amount":"12.30","at":"2026-11-24T15:30:00.000000Z","id":"00000000-0000-0000-0000-000000000001",'
    '"new":{"a":[true,null],"b":"é"},"seq":7}'
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_aud_04_canonical_text_is_as_specified() -> None:
    assert canonical(ROW) == TEXT.encode()


def test_aud_04_hash_is_that_of_the_previous_hash_and_the_text() -> None:
    made = link(ROW, GENESIS)
    assert made.hash == hashlib.sha256(bytes(32) + TEXT.encode()).digest()
    assert made.row_hash == hashlib.sha256(TEXT.encode()).digest()
    assert link(ROW, made.hash).hash != made.hash


def test_aud_04_a_new_empty_column_keeps_old_links() -> None:
    assert canonical(ROW | {"added_later": None}) == canonical(ROW)


@given(st.dictionaries(st.text(min_size=1), values, max_size=6))
def test_aud_04_order_of_keys_does_not_matter(row: dict[str, object]) -> None:
    assert canonical(dict(reversed(row.items()))) == canonical(row)


@given(st.text(), st.text())
def test_aud_04_another_text_is_another_hash(one: str, two: str) -> None:
    same = link({"note": one}, GENESIS).hash == link({"note": two}, GENESIS).hash
    assert same == (one == two)


def test_sec_14_head_is_printed_and_read_again() -> None:
    head = Head(12, hashlib.sha256(b"x").digest())
    assert Head.parse(f" {head} ") == head


@pytest.mark.parametrize("text", ["", "12", "x:00", "12:00", "0:" + "00" * 32, "1:" + "zz" * 32])
def test_sec_14_other_text_is_no_head(text: str) -> None:
    with pytest.raises(ValueError):
        Head.parse(text)


def test_moments_are_written_in_utc() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert canonical({"at": moment}) == canonical({"at": moment.astimezone(timezone(timedelta(hours=9)))})
