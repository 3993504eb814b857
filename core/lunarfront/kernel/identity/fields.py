"""Fields of people's data: addresses, passwords, staff numbers and PINs."""

import re
from typing import Any

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.auth.password_rules import LONGEST

_EMAIL = re.compile(r"[^@\s\"<>(),:;\[\]\\]{1,64}@[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class Email(f.Text):
    """An e-mail address, in lower case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).lower()
        if not _EMAIL.fullmatch(text) or ".." in text:
            raise f.refuse("validation_failed", "This is not an e-mail address.")
        return text


class Password(f.Text):
    """A password, exactly as typed: spaces at its ends count."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, metadata={"format": "password"}, load_only=True, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        super()._deserialize(value, attr, data, **kwargs)
        return str(value)


class Digits(f.Text):
    """A number that people type, with leading zeros: a staff number or a PIN."""

    def __init__(self, shortest: int, longest: int, **options: Any) -> None:
        pattern = rf"^[0-9]{{{shortest},{longest}}}$"
        super().__init__(max_length=longest, metadata={"pattern": pattern, "minLength": shortest}, **options)
        self._pattern = re.compile(pattern[1:-1])
        self._words = str(shortest) if shortest == longest else f"{shortest} to {longest}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not self._pattern.fullmatch(value):
            raise f.refuse("validation_failed", f"Write {self._words} digits as text.")
        return value


def staff_number(**options: Any) -> Digits:
    """Return the field of a staff number: four digits."""
    return Digits(4, 4, **options)


def pin(**options: Any) -> Digits:
    """Return the field of a PIN: four to eight digits, never answered."""
    return Digits(4, 8, load_only=True, **options)
