"""Which passwords are accepted (SEC-20)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.kernel.auth.common_passwords import is_common
from lunarfront.kernel.auth.password_rules import complaint_of


@pytest.mark.parametrize(
    "password",
    """password Password1! P@ssw0rd123 qwertyuiop12 letmein2026 aaaaaaaa 12345678 87654321 abcd1234efgh Summer2026!
    drowssap iloveyou1 dragon99 asdfghjkl 00000000000 monkey!monkey adminadmin 19840101
    football# MUSIC1234 guitar2024""".split(),
)
def test_sec_20_common_passwords_are_refused(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "violin bow rosin",
        "correct horse battery staple",
        "mVx92!kQpz",
        "harbor-lantern-42",
        "seven lutes hum",
        "Ünïcödé",
    ],
)
def test_sec_20_other_passwords_are_not_common(password: str) -> None:
    assert not is_common(password)


def test_sec_20_length_and_no_composition_rules() -> None:
    assert complaint_of("kzjxvbw", "Shop") == "Use 8 to 128 characters."
    assert complaint_of("kzjxvbwm", "Shop") is None
    assert complaint_of("x y" * 42 + "zz", "Shop") is None
    assert complaint_of("x y" * 43, "Shop") == "Use 8 to 128 characters."


def test_sec_20_company_name_is_refused_in_every_writing() -> None:
    for password in ("riversidemusic", "River-Side Music 9", "xxRIVERSIDEMUSICxx", "rivérsidemusic"):
        assert complaint_of(password, "Riverside Music") is not None
    assert complaint_of("kzjxvbwm abc", "abc") is None, "three letters are no name"


@given(st.text(max_size=200))
def test_sec_20_every_text_has_an_answer(password: str) -> None:
    complaint_of(password, "Riverside Music")
