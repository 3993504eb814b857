"""The chain as mathematics: canonical text of a row, its hash, the next link (AUD-04). No database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

#: What the first link of a company follows.
GENESIS = bytes(32)


@dataclass(frozen=True)
class Head:
    """The last link: its number and hash. Printed outside, it proves that no tail was cut off (SEC-14)."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read ``number:hex`` as printed.

        Raises:
            ValueError: it is no head.
        """
        number, _, digest = text.strip().partition(":")
        found = cls(int(number), bytes.fromhex(digest))
        if found.number < 1 or len(found.hash) != 32:
            raise ValueError("a head is a number and 64 hexadecimal digits")
        return found


@dataclass(frozen=True)
class Link:
    """One sealed row: hash of its text, hash of the link before, its own hash."""

    row_hash: bytes
    prev_hash: bytes
    hash: bytes


def link(row: Mapping[str, Any], prev_hash: bytes) -> Link:
    """Return the link of a row that carries its number: hash = SHA-256(prev_hash ‖ canonical JSON)."""
    text = canonical(row)
    return Link(hashlib.sha256(text).digest(), prev_hash, hashlib.sha256(prev_hash + text).digest())


def canonical(row: Mapping[str, Any]) -> bytes:
    """Return a row as canonical JSON: sorted keys, UTF-8, no spaces, decimals as strings, UTC microseconds.

    Columns without a value are left out, so that a nullable column added later keeps old links valid.
    """
    document = {name: _plain(value) for name, value in row.items() if value is not None}
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, UUID) else value
