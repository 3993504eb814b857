"""Rules about people and their accounts, without database or request (ACT-02, ACT-03, ACT-10, TAX-13)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import phonenumbers
from marshmallow import ValidationError
from marshmallow.validate import Email

from lunarfront.kernel.problems import invalid
from lunarfront.kernel.text import folded

ACCOUNT_KINDS = ("person", "family", "business", "school")
RELATIONS = ("primary", "spouse", "child", "student", "employee", "other")
IDENTIFIER_KINDS = ("drivers_license", "passport", "school_id", "other")
ADULT_AGE = 18
#: Names are alike from here on (ACT-03).
ALIKE = Decimal("0.60")
_HUNDREDTH = Decimal("0.01")
_FAMILY_WORDS = frozenset({"the", "family", "household"})
_is_email = Email()


def is_minor(birth_date: date | None, override: bool | None, on: date) -> bool:
    """Tell whether somebody is a minor on a business date (ACT-10).

    The override decides if it is set; else a birth date that makes less than 18 years; else no. Who was born
    on February 29 comes of age on March 1.
    """
    if override is not None:
        return override
    if birth_date is None:
        return False
    years = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    return years < ADULT_AGE


def normal_email(text: str | None, field_name: str = "email") -> str | None:
    """Return an address trimmed and in lower case (ACT-02).

    Raises:
        Problem: ``validation_failed`` when it is none.
    """
    if text is None:
        return None
    try:
        return _is_email(text.strip().lower())
    except ValidationError:
        raise invalid(field_name, "validation_failed", "This is not an email address.") from None


def normal_phone(text: str | None, country: str, field_name: str = "phone") -> str | None:
    """Return a phone number in E.164; without ``+`` it is one of the company's country (ACT-02).

    Raises:
        Problem: ``validation_failed`` when it is no number that can be called.
    """
    if text is None:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise invalid(field_name, "validation_failed", f"This is not a phone number ({country} without +).")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_country(text: str | None) -> str | None:
    """Return an ISO 3166 code of two capital letters.

    Raises:
        Problem: ``validation_failed`` when there is no such country.
    """
    if text is None:
        return None
    code = text.upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise invalid("country", "validation_failed", "Use the two letters of a country, such as US.")
    return code


def last4(number: str) -> str:
    """Return the end of a paper's number that may be shown: at most four signs and at most half of it."""
    return number[-min(4, len(number) // 2) :]


def trigrams(text: str) -> frozenset[str]:
    """Return the trigrams of a text as PostgreSQL's pg_trgm counts them: words padded by blanks."""
    words = re.findall(r"\w+", folded(text).replace("_", " "))
    padded = [f"  {word} " for word in words]
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def similarity(first: str, second: str) -> Decimal:
    """Return how alike two names are, 0 to 1: shared trigrams of all trigrams (ACT-03)."""
    one, two = trigrams(first), trigrams(second)
    if not one or not two:
        return Decimal(0)
    return Decimal(len(one & two)) / Decimal(len(one | two))


def surname(name: str, kind: str = "person") -> str:
    """Return the name of a household: before the comma, else the last word; of a business the whole name."""
    text = folded(name)
    if kind in ("business", "school"):
        return text
    if "," in text:
        return text.split(",", maxsplit=1)[0].strip()
    words = [word for word in text.split() if kind != "family" or word not in _FAMILY_WORDS]
    return words[-1] if words else text


@dataclass(frozen=True)
class Known:
    """What an account is recognised by; its members' names and addresses count as its own."""

    names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    postal_code: str | None = None


@dataclass(frozen=True)
class Match:
    """How two accounts are alike: ``score`` 0 to 1, ``reasons`` out of email, phone and name (ACT-03)."""

    score: Decimal
    reasons: tuple[str, ...] = field(default=())

    @property
    def proposal(self) -> str:
        """What to propose first: a shared contact under another name is a family's (ACT-03)."""
        return "use_existing" if not self.reasons or "name" in self.reasons else "add_member"


def known(
    names: Iterable[tuple[str, str]],
    emails: Iterable[str | None],
    phones: Iterable[str | None],
    postal_code: str | None,
) -> Known:
    """Return what an account is recognised by; ``names`` come with the kind of who bears them."""
    pairs = [(folded(name), surname(name, kind)) for name, kind in names]
    return Known(
        names=frozenset(name for name, _ in pairs),
        surnames=frozenset(last for _, last in pairs if last),
        emails=frozenset(filter(None, emails)),
        phones=frozenset(filter(None, phones)),
        postal_code=folded(postal_code).replace(" ", "") if postal_code else None,
    )


def compare(first: Known, second: Known) -> Match | None:
    """Return how two accounts are alike, None when nothing says that they are the same (ACT-03).

    Same email, same phone, or names alike from 0.6 with the same postal code or surname.
    """
    alike = max((similarity(a, b) for a, b in product(first.names, second.names)), default=Decimal(0))
    nearby = first.postal_code is not None and first.postal_code == second.postal_code
    same_name = alike >= ALIKE and (nearby or not first.surnames.isdisjoint(second.surnames))
    found = {
        "email": not first.emails.isdisjoint(second.emails),
        "phone": not first.phones.isdisjoint(second.phones),
        "name": same_name,
    }
    reasons = tuple(reason for reason, holds in found.items() if holds)
    if not reasons:
        return None
    score = alike if reasons == ("name",) else Decimal(1)
    return Match(score.quantize(_HUNDREDTH, ROUND_HALF_UP), reasons)
