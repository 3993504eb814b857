"""Pure rules about people and their accounts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.domains.accounts.rules import (
    Known,
    compare,
    is_minor,
    known,
    last4,
    normal_country,
    normal_email,
    normal_phone,
    similarity,
    surname,
)
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

names = st.text(alphabet="abc dé,-'", max_size=12)
contacts = st.lists(st.sampled_from(["a@x.example", "b@x.example", None]), max_size=2)
knowns = st.builds(
    known,
    st.lists(st.tuples(names, st.sampled_from(["person", "family", "business"])), max_size=3),
    contacts,
    contacts,
    st.sampled_from([None, "60601", "60 601", "10001"]),
)


@given(st.dates(date(1930, 1, 1), date(2060, 1, 1)), st.dates(date(1930, 1, 1), date(2060, 1, 1)))
def test_act_10_a_minor_has_not_had_the_eighteenth_birthday(born: date, on: date) -> None:
    try:
        of_age = born.replace(year=born.year + 18)
    except ValueError:
        of_age = date(born.year + 18, 3, 1)
    assert is_minor(born, None, on) == (on < of_age)


@given(st.dates(date(1930, 1, 1), date(2060, 1, 1)))
def test_act_10_nobody_becomes_a_minor_again(born: date) -> None:
    days = [born + timedelta(days=n * 180) for n in range(60)]
    states = [is_minor(born, None, day) for day in days]
    assert states == sorted(states, reverse=True)


@pytest.mark.parametrize(
    ("born", "override", "on", "expected"),
    [
        (date(2008, 11, 24), None, date(2026, 11, 23), True),
        (date(2008, 11, 24), None, date(2026, 11, 24), False),
        (date(2008, 2, 29), None, date(2026, 2, 28), True),
        (date(2008, 2, 29), None, date(2026, 3, 1), False),
        (date(1980, 1, 1), True, date(2026, 1, 1), True),
        (date(2020, 1, 1), False, date(2026, 1, 1), False),
        (None, None, date(2026, 1, 1), False),
        (None, True, date(2026, 1, 1), True),
    ],
)
def test_act_10_override_then_birth_date_then_no(
    born: date | None, override: bool | None, on: date, expected: bool
) -> None:
    assert is_minor(born, override, on) is expected


def test_act_02_email_is_trimmed_and_lowercased() -> None:
    assert normal_email("  Ada@Example.COM ") == "ada@example.com"
    assert normal_email(None) is None


@pytest.mark.parametrize("text", ["ada", "ada@", "@example.com", "a b@example.com", "ada@example..com", ""])
def test_act_02_wrong_email_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        normal_email(text)
    assert (caught.value.status, caught.value.errors[0].field) == (422, "email")


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("(312) 555-0123", "US", "+13125550123"),
        ("+44 20 7946 0018", "US", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
    ],
)
def test_act_02_phone_becomes_e164_of_the_company_country(text: str, country: str, expected: str) -> None:
    assert normal_phone(text, country) == expected


@pytest.mark.parametrize("text", ["12", "call me", "+1 312", "9" * 30, ""])
def test_act_02_wrong_phone_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        normal_phone(text, "US")
    assert (caught.value.status, caught.value.errors[0].field) == (422, "phone")


def test_act_02_country_is_a_real_one() -> None:
    assert normal_country("gb") == "GB"
    with pytest.raises(Problem):
        normal_country("ZZ")


@given(knowns, knowns)
def test_act_03_the_score_is_symmetric_and_between_0_and_1(first: Known, second: Known) -> None:
    there, back = compare(first, second), compare(second, first)
    assert there == back
    assert there is None or 0 < there.score <= 1


@given(knowns)
def test_act_03_who_has_a_contact_is_a_duplicate_of_himself(person: Known) -> None:
    match = compare(person, person)
    assert (match is not None) or not (person.emails or person.phones)


@given(names, names)
def test_act_03_similarity_is_symmetric(first: str, second: str) -> None:
    assert similarity(first, second) == similarity(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jonathan Smith", "Jonathon Smith"),
        ("Dvořák", "Dvorak"),
        ("Guitar Center", "Guitar Centre Inc."),
        ("O'Brien", "OBrien"),
        ("Ann", "Bob"),
    ],
)
def test_act_03_similarity_is_that_of_pg_trgm(ctx: CompanyContext, first: str, second: str) -> None:
    from lunarfront.kernel.text import folded

    params = {"a": folded(first), "b": folded(second)}
    row = ctx.uow.query("SELECT similarity(%(a)s, %(b)s) AS s", params)[0]
    assert round(similarity(first, second), 5) == round(Decimal(str(row.s)), 5)


def person(name: str, **more: str) -> Known:
    return known([(name, "person")], [more.get("email")], [more.get("phone")], more.get("postal_code"))


def test_act_03_alike_names_need_the_same_postal_code_or_surname() -> None:
    smith = person("Jonathan Smith", postal_code="60601")
    assert compare(smith, person("Jonathon Smith")) is not None
    assert compare(smith, person("Jonathan Smyth")) is None
    assert compare(smith, person("Jonathan Smyth", postal_code="60601")) is not None
    assert compare(smith, person("Mary Smith")) is None


def test_act_03_a_family_that_shares_a_phone_is_proposed_as_members() -> None:
    mother = person("Maria Lopez", phone="+13125550123")
    child = compare(mother, person("Diego Alvarez", phone="+13125550123"))
    again = compare(mother, person("Maria Lopes Lopez", phone="+13125550123"))
    assert child is not None
    assert (child.score, child.reasons, child.proposal) == (Decimal("1.00"), ("phone",), "add_member")
    assert again is not None
    assert again.proposal == "use_existing"


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("John Smith", "person", "smith"),
        ("Smith, John", "person", "smith"),
        ("The Smith Family", "family", "smith"),
        ("Smith", "person", "smith"),
        ("Guitar Center", "business", "guitar center"),
        ("The Family", "family", "the family"),
    ],
)
def test_act_03_surname(name: str, kind: str, expected: str) -> None:
    assert surname(name, kind) == expected


@given(st.text(min_size=2, max_size=30))
def test_act_11_at_most_half_of_a_number_is_shown(number: str) -> None:
    shown = last4(number)
    assert 0 < len(shown) <= min(4, len(number) // 2)
    assert number.endswith(shown)
