"""Codes of an authenticator app: RFC 6238 with SHA-1, six digits and steps of 30 seconds (SEC-29)."""

import base64
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SEED_BYTES = 20
#: Clocks differ: the step before and the one after count too.
WINDOW = (0, -1, 1)


def new_seed() -> bytes:
    """Return a fresh seed of 160 bits."""
    return secrets.token_bytes(SEED_BYTES)


def code_at(seed: bytes, step: int) -> str:
    """Return the code of a time step."""
    digest = hmac.digest(seed, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(seed: bytes, code: str, now: datetime, last_used: int | None) -> int | None:
    """Return the step whose code this is, None when it is wrong or was used before: a code works once."""
    current = int(now.timestamp()) // STEP_SECONDS
    found = [current + shift for shift in WINDOW if hmac.compare_digest(code_at(seed, current + shift), code)]
    return next((step for step in found if last_used is None or step > last_used), None)


def seed_text(seed: bytes) -> str:
    """Return a seed as people type it: base32 without padding."""
    return base64.b32encode(seed).decode("ascii").rstrip("=")


def setup_uri(seed: bytes, account: str, issuer: str) -> str:
    """Return the ``otpauth`` address that an app reads from a QR code."""
    label = quote(f"{issuer}:{account}")
    query = urlencode({"secret": seed_text(seed), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{label}?{query}"
