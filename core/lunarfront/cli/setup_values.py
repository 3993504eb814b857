"""Checks of what set-up asks, with the same fields as the API's."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

import marshmallow as ma
from babel.numbers import list_currencies

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.identity.fields import Email
from lunarfront.kernel.problems import invalid


def _one_of(known: Any, sentence: str) -> Any:
    def check(value: str) -> None:
        if value not in known:
            raise f.refuse("validation_failed", sentence)

    return check


class SetupValues(LfSchema):
    """What a company and its administrator need."""

    company = f.Text(max_length=200, required=True)
    currency = f.Text(
        max_length=3, required=True, validate=_one_of(list_currencies(), "This is no ISO 4217 code.")
    )
    country = f.Text(max_length=2, required=True, validate=ma.validate.Regexp(r"^[A-Z]{2}$"))
    timezone = f.Text(
        max_length=60, required=True, validate=_one_of(available_timezones(), "This is no time zone.")
    )
    location = f.Text(max_length=120, required=True)
    full_name = f.Text(max_length=120, required=True)
    email = Email(required=True)


def check_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers in their normal form; codes are read in any case.

    Raises:
        Problem: ``validation_failed``, naming the first wrong one.
    """
    codes = {name: answers[name].strip().upper() for name in ("currency", "country")}
    try:
        found: dict[str, str] = SetupValues().load({**answers, **codes})
    except ma.ValidationError as error:
        field, messages = next(iter(error.normalized_messages().items()))
        raise invalid(field, "validation_failed", str(messages[0])) from None
    return found
