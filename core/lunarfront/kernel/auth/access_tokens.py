"""Access tokens: short-lived JWTs signed with Ed25519, bound to an ``auth_session`` row (SEC-24)."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

import jwt
from flask import Flask

from lunarfront.kernel.auth.credentials import Credential
from lunarfront.kernel.auth.signing_keys import SigningKeys, signing_keys
from lunarfront.kernel.ids import uuid7

ISSUER, AUDIENCE, ALGORITHM = "lunarfront", "lunarfront-api", "EdDSA"
LIFETIME = timedelta(minutes=15)
CLAIMS = ["iss", "aud", "sub", "company", "sid", "iat", "exp", "jti"]
MAX_CACHED = 10_000
MAX_LENGTH = 2000


class AccessTokens:
    """Issues and verifies access tokens. Verified ones are remembered until they end (hot-path.md §4)."""

    def __init__(self, keys: SigningKeys, clock: Callable[[], datetime]) -> None:
        self._keys, self._clock = keys, clock
        self._verified: OrderedDict[bytes, tuple[int, Credential]] = OrderedDict()
        self._lock = Lock()

    def issue(self, company_id: UUID, user_id: UUID, session_id: UUID) -> tuple[str, datetime]:
        """Return a new token of a session and the moment it ends."""
        key, now = self._keys.current, self._clock()
        ends = now + LIFETIME
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(user_id),
            "company": str(company_id),
            "sid": str(session_id),
            "iat": int(now.timestamp()),
            "exp": int(ends.timestamp()),
            "jti": str(uuid7()),
        }
        return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid}), ends

    def verify(self, text: str) -> Credential | None:
        """Return the credential of a token, None when it is not ours or has ended.

        The session behind it is checked by the first statement of the request, so a revoked one ends at once.
        """
        if len(text) > MAX_LENGTH:
            return None
        name = hashlib.sha256(text.encode()).digest()
        known = self._remembered(name) or self._decoded(text)
        if known is None or known[0] <= self._clock().timestamp():
            return None
        self._remember(name, known)
        return known[1]

    def _remembered(self, name: bytes) -> tuple[int, Credential] | None:
        with self._lock:
            return self._verified.get(name)

    def _remember(self, name: bytes, known: tuple[int, Credential]) -> None:
        with self._lock:
            self._verified[name] = known
            self._verified.move_to_end(name)
            while len(self._verified) > MAX_CACHED:
                self._verified.popitem(last=False)

    def _decoded(self, text: str) -> tuple[int, Credential] | None:
        try:
            key = self._keys.find(str(jwt.get_unverified_header(text).get("kid")))
            claims = _claims(text, key.public) if key else None
            return (int(claims["exp"]), _credential(claims)) if claims else None
        except (jwt.PyJWTError, ValueError, TypeError):
            return None


def _claims(text: str, public_key: Any) -> dict[str, Any]:
    """The times are compared with our own clock, not by the library."""
    own_clock: Any = {"require": CLAIMS, "verify_exp": False, "verify_iat": False}
    claims: dict[str, Any] = jwt.decode(
        text, public_key, algorithms=[ALGORITHM], issuer=ISSUER, audience=AUDIENCE, options=own_clock
    )
    return claims


def _credential(claims: dict[str, Any]) -> Credential:
    return Credential("jwt", UUID(claims["company"]), session_id=UUID(claims["sid"]))


def install(app: Flask) -> None:
    """Give the application its access tokens: issued by sign-in, verified for every bearer."""
    core = app.extensions["lunarfront"]
    tokens = AccessTokens(signing_keys(core.settings), lambda: core.clock())  # noqa: PLW0108 - tests replace it
    app.extensions["lunarfront_access_tokens"] = tokens
    core.verify_access_token = tokens.verify


def access_tokens(app: Flask) -> AccessTokens:
    """Return the access tokens of an application."""
    tokens: AccessTokens = app.extensions["lunarfront_access_tokens"]
    return tokens
