"""Who a request claims to be: bearer token or session cookie (SEC-22 to SEC-25)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Request

from lunarfront.kernel.auth.secrets import read_secret
from lunarfront.kernel.problems import Problem

COOKIE = "lf_session"
SECURE_COOKIE = "__Host-lf_session"
COOKIE_PREFIX = "s_"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Credential:
    """What statement 1 needs: ``kind`` is token, jwt or cookie; one of ``hash`` and ``session_id`` is set."""

    kind: str
    company_id: UUID
    hash: bytes | None = None
    session_id: UUID | None = None


#: Verifies a signed access token and returns its credential, None when it is not one (SEC-24).
TokenVerifier = Callable[[str], Credential | None]


def read_credential(request: Request, verify_access_token: TokenVerifier) -> Credential | None:
    """Return the credential of a request. With a bearer header the cookie is ignored (SEC-25).

    Raises:
        Problem: ``unauthenticated`` for a bearer header that is no token of ours.
    """
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Problem("unauthenticated", "Send a bearer token.")
        return _bearer(text.strip(), verify_access_token)
    return _cookie(request)


def _bearer(text: str, verify_access_token: TokenVerifier) -> Credential:
    secret = read_secret(text)
    if secret:
        return Credential("token", secret.company_id, hash=secret.hash)
    credential = verify_access_token(text)
    if credential is None:
        raise Problem("unauthenticated", "This token is not valid.")
    return credential


def _cookie(request: Request) -> Credential | None:
    text = request.cookies.get(SECURE_COOKIE if request.is_secure else COOKIE, "")
    secret = read_secret(text, COOKIE_PREFIX)
    return Credential("cookie", secret.company_id, hash=secret.hash) if secret else None


def refuse_cross_site(request: Request) -> None:
    """Refuse an unsafe request with a cookie that another site may have sent (SEC-25).

    Raises:
        Problem: ``cross_site_refused``.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site in ("same-origin", "none"):
            return
    elif request.headers.get("Origin") == request.host_url.rstrip("/"):
        return
    raise Problem("cross_site_refused", "This request came from another site.")
