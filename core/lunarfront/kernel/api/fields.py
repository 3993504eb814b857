"""Fields of requests and answers: exact decimals as strings, clean text, listed error codes (MON-04)."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import marshmallow as ma

MONEY_MAX = Decimal("9999999999.99")
_PLAIN = re.compile(r"-?\d{1,20}(\.\d{1,20})?")
_FORBIDDEN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


class Coded(str):
    """A validation message that carries its error code through marshmallow."""

    code: str

    def __new__(cls, code: str, message: str) -> "Coded":
        text = super().__new__(cls, message)
        text.code = code
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # schemas copy their messages
        return self.code, str(self)


def refuse(code: str, message: str) -> ma.ValidationError:
    """Return the validation error of one field with its listed code."""
    return ma.ValidationError([Coded(code, message)])


class ExactDecimal(ma.fields.Field[Decimal]):
    """A decimal that travels as a plain string; numbers, exponents and NaN are refused.

    Args:
        places: decimals allowed.
        low, high: bounds, inclusive.
        code_*: error codes of the kinds of refusal.
    """

    places = 2
    low: Decimal = -MONEY_MAX
    high: Decimal = MONEY_MAX
    codes: Mapping[str, str] = {
        "type": "money_must_be_string",
        "form": "money_invalid",
        "places": "money_precision",
        "range": "money_out_of_range",
    }

    def __init__(self, *, low: str | None = None, high: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.low = Decimal(low) if low is not None else type(self).low
        self.high = Decimal(high) if high is not None else type(self).high

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if not isinstance(value, str):
            raise refuse(self.codes["type"], 'Write it as text, such as "12.30".')
        text = value.strip()
        if not _PLAIN.fullmatch(text):
            raise refuse(self.codes["form"], f"{value[:40]!r} is not a plain decimal number.")
        number = Decimal(text)
        if number != round(number, self.places):
            raise refuse(self.codes["places"], f"At most {self.places} decimals.")
        if not self.low <= number <= self.high:
            raise refuse(self.codes["range"], f"Between {self.low} and {self.high}.")
        return number

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return f"{Decimal(value):.{self.places}f}"


class Money(ExactDecimal):
    """An amount in the company's currency with two decimals, as a string."""


class UnitCost(ExactDecimal):
    """A cost per unit with up to four decimals."""

    places = 4
    low = Decimal(0)
    high = Decimal("99999999.9999")


class Quantity(ExactDecimal):
    """A quantity with up to three decimals."""

    places = 3
    low = Decimal("-999999999.999")
    high = Decimal("999999999.999")
    codes: Mapping[str, str] = dict.fromkeys(("type", "form", "places", "range"), "quantity_invalid")

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        text = f"{Decimal(value):.3f}"
        return text.rstrip("0").rstrip(".")


class Rate(ExactDecimal):
    """A rate as a fraction with six decimals: ``"0.088750"`` is 8.875 %."""

    places = 6
    low = Decimal(0)
    high = Decimal(1)
    codes: Mapping[str, str] = dict.fromkeys(("type", "form", "places", "range"), "validation_failed")


class Text(ma.fields.String):
    """Text without control characters, NFC-normalised and trimmed.

    Args:
        max_length: of the normalised text.
        blank: whether the empty text is allowed.
    """

    def __init__(self, *, max_length: int = 200, blank: bool = False, **options: Any) -> None:
        metadata = {"maxLength": max_length} | options.pop("metadata", {})
        if not blank:
            metadata = {"minLength": 1} | metadata
        super().__init__(metadata=metadata, **options)
        self.max_length, self.blank = max_length, blank

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refuse("validation_failed", "This must be text.")
        if _FORBIDDEN_TEXT.search(value):
            raise refuse("text_invalid", "The text has characters that cannot be stored.")
        text = unicodedata.normalize("NFC", value).strip()
        if len(text) > self.max_length:
            raise refuse("text_too_long", f"At most {self.max_length} characters.")
        if not text and not self.blank:
            raise refuse("validation_failed", "This cannot be empty.")
        return text


class Choice(Text):
    """One of a fixed list of words."""

    def __init__(self, *choices: str, **options: Any) -> None:
        metadata = {"enum": list(choices)} | options.pop("metadata", {})
        super().__init__(max_length=64, metadata=metadata, **options)
        self.metadata = metadata
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.choices:
            raise refuse("validation_failed", f"One of: {', '.join(self.choices)}.")
        return text


class Timestamp(ma.fields.AwareDateTime):
    """A moment in UTC; answers end in ``Z``."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        text = super()._serialize(value, attr, obj, **kwargs)
        return str(text).replace("+00:00", "Z") if text is not None else None


class Integer(ma.fields.Integer):
    """A whole number that fits the database; booleans and texts are refused in JSON.

    Args:
        low, high: bounds, inclusive.
        lenient: accept text, for query strings.
    """

    def __init__(
        self, *, low: int = -(2**31), high: int = 2**31 - 1, lenient: bool = False, **options: Any
    ) -> None:
        super().__init__(strict=not lenient, metadata={"minimum": low, "maximum": high}, **options)
        self.low, self.high, self.lenient = low, high, lenient

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, str) and not self.lenient):
            raise refuse("validation_failed", "This must be a whole number.")
        number = super()._deserialize(value, attr, data, **kwargs)
        if number is None or not self.low <= number <= self.high:
            raise refuse("validation_failed", f"Between {self.low} and {self.high}.")
        return number


class Flag(ma.fields.Boolean):
    """True or false; JSON knows only these two, a query string also ``1`` and ``0``."""

    truthy = {True, "1", "true"}
    falsy = {False, "0", "false"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool | str):
            raise refuse("validation_failed", "This must be true or false.")
        return bool(super()._deserialize(value, attr, data, **kwargs))
