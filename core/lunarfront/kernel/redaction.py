"""One filter for logs, error pages and failed-job texts: what must never be written down (SEC-41)."""

import re
from collections.abc import Mapping
from typing import Any

MASK = "[removed]"
CARD = "[card number removed]"
MAX_DEPTH = 8

#: A value under a name with one of these words is removed, whatever it is.
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token|cookie|authorization|signature|api_?key|private_?key|(^|_)pin(_|$)|"
    r"(^|_)cvc|card_?number|(^|_)pan$|hash$|badge|mfa|license_(body|text|file)|credential|set-cookie|x-csrf",
    re.IGNORECASE,
)
#: Names that look like a secret's and are none.
_HARMLESS_NAME = re.compile(r"^(row_hash|prev_hash|head_hash|pin_locked|token_id|has_\w+|is_\w+)$")
_PATTERNS = (
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"), MASK),
    (re.compile(r"\b(lf|sk|rk|pk|whsec|ghp)_[A-Za-z0-9_-]{16,}"), rf"\1_{MASK}"),
    (re.compile(r"\bbegin [a-z ]*private key-{5}.*?-{5}end", re.IGNORECASE | re.DOTALL), MASK),
    (re.compile(r"(?<=://)([^:/@\s?]*):[^@/\s]+@"), rf"\1:{MASK}@"),
    (
        re.compile(
            r"(?i)\b((?:pass(?:word|wd|phrase)|secret|token|api_?key|signature|cookie|pin)[\"']?\s*[=:]\s*)"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&}\]]+)"
        ),
        rf"\1{MASK}",
    ),
)
_CARD_LIKE = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])")


def clean(value: Any, depth: int = 0) -> Any:
    """Return the value without secrets: mappings and lists are walked, texts are searched."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bytes):
        return clean_text(value.decode("utf-8", "replace"))
    if depth >= MAX_DEPTH:
        return MASK
    if isinstance(value, Mapping):
        return {key: clean_named(str(key), item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(item, depth + 1) for item in value]
    return value


def clean_named(name: str, value: Any, depth: int = 0) -> Any:
    """Return the value of a named field: removed when the name is that of a secret."""
    if value is not None and not isinstance(value, bool) and is_secret_name(name):
        return MASK
    return clean(value, depth)


def is_secret_name(name: str) -> bool:
    """Tell whether a field of this name holds a secret."""
    return bool(_SECRET_NAME.search(name)) and not _HARMLESS_NAME.match(name)


def clean_text(text: str) -> str:
    """Return the text without tokens, passwords in addresses and assignments, keys and card numbers."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _CARD_LIKE.sub(_without_card, text)


def _without_card(match: re.Match[str]) -> str:
    digits = [int(char) for char in match[0] if char.isdigit()]
    return CARD if _passes_luhn(digits) else match[0]


def _passes_luhn(digits: list[int]) -> bool:
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
