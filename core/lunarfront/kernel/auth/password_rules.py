"""Which passwords are accepted: length, nothing common, nothing that names the shop (SEC-20)."""

import re
import unicodedata

from lunarfront.kernel.auth.common_passwords import is_common
from lunarfront.kernel.problems import invalid

SHORTEST, LONGEST = 8, 128
#: A word of the company's name counts from this length on.
NAME_LENGTH = 4


def check_new_password(password: str, company_name: str, field: str = "password") -> None:
    """Insist on 8 to 128 characters that are neither common nor built from the company's name.

    Raises:
        Problem: ``validation_failed``, naming the field.
    """
    complaint = complaint_of(password, company_name)
    if complaint:
        raise invalid(field, "validation_failed", complaint)


def complaint_of(password: str, company_name: str) -> str | None:
    """Return what is wrong with a new password as one sentence, None when it is good."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Use {SHORTEST} to {LONGEST} characters."
    if is_common(password):
        return "This password is among the first that attackers try."
    if _names_company(password, company_name):
        return "Do not use the company's name in the password."
    return None


def _names_company(password: str, company_name: str) -> bool:
    plain = _letters(password)
    whole = _letters(company_name)
    return len(whole) >= NAME_LENGTH and whole in plain


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", folded)
