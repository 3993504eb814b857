"""Secrets that people and programs carry: 32 random bytes behind their company, stored hashed (SEC-22, SEC-24).

The company stands in the secret, so that row-level security binds from the first statement of a request;
changing it only makes the secret unknown there.
"""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from uuid import UUID

TOKEN_PREFIX = "lf_"
#: Keys of paired terminals (USR-07).
DEVICE_PREFIX = "ld_"


@dataclass(frozen=True)
class Secret:
    """A secret as it is shown once (``text``), and what is stored of it (``hash``)."""

    company_id: UUID
    text: str = field(repr=False)
    hash: bytes


def new_secret(company_id: UUID, prefix: str = TOKEN_PREFIX) -> Secret:
    """Return a fresh secret of a company."""
    body = base64.urlsafe_b64encode(company_id.bytes + secrets.token_bytes(32)).decode().rstrip("=")
    return Secret(company_id, prefix + body, digest(prefix + body))


def digest(text: str) -> bytes:
    """Return what is stored of a secret. A fast hash is right here: the secret has 256 random bits."""
    return hashlib.sha256(text.encode()).digest()


def read_secret(text: str, prefix: str = TOKEN_PREFIX) -> Secret | None:
    """Return the secret in a header or cookie, None when it cannot be one."""
    if not text.startswith(prefix) or len(text) > 200 or not text.isascii():
        return None
    body = text[len(prefix) :]
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 48:
        return None
    return Secret(UUID(bytes=raw[:16]), text, digest(text))
