"""Signed access tokens: only ours, only in time, only with our algorithm (SEC-24, SEC-44)."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lunarfront.kernel.auth import access_tokens
from lunarfront.kernel.auth.access_tokens import ALGORITHM, AUDIENCE, ISSUER, AccessTokens
from lunarfront.kernel.auth.signing_keys import FILE_NAME, SigningKeys, signing_keys
from lunarfront.kernel.config import load_settings
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.secretbox import SealBrokenError, derive, sealer

COMPANY, USER, SESSION = uuid7(), uuid7(), uuid7()
KEY = "a key of an instance, long enough to be one"


class Now:
    def __init__(self) -> None:
        self.value = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.value


@pytest.fixture
def keys(tmp_path: Path) -> SigningKeys:
    return SigningKeys(tmp_path / "secrets" / FILE_NAME, sealer("access-token-keys", KEY))


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def tokens(keys: SigningKeys, now: Now) -> AccessTokens:
    return AccessTokens(keys, now)


def claims(**more: Any) -> dict[str, Any]:
    moment = int(time.time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(USER),
        "company": str(COMPANY),
        "sid": str(SESSION),
        "iat": moment,
        "exp": moment + 900,
        "jti": "1",
    } | more


def test_sec_24_issued_token_is_verified(tokens: AccessTokens, now: Now) -> None:
    text, ends = tokens.issue(COMPANY, USER, SESSION)
    assert ends == now() + timedelta(minutes=15)
    credential = tokens.verify(text)
    assert credential is not None
    assert (credential.kind, credential.company_id, credential.session_id) == ("jwt", COMPANY, SESSION)
    header = jwt.get_unverified_header(text)
    assert header["alg"] == "EdDSA"
    assert header["kid"]
    body = jwt.decode(text, options={"verify_signature": False})
    assert body.keys() == claims().keys()


def test_sec_24_token_ends_on_our_clock_also_when_remembered(tokens: AccessTokens, now: Now) -> None:
    text, _ = tokens.issue(COMPANY, USER, SESSION)
    assert tokens.verify(text)
    now.value += timedelta(minutes=15)
    assert tokens.verify(text) is None


def test_sec_24_foreign_tokens_are_refused(tokens: AccessTokens, keys: SigningKeys) -> None:
    key = keys.current
    public = key.public.public_bytes_raw()
    stranger = Ed25519PrivateKey.generate()
    forged = [
        jwt.encode(claims(), stranger, ALGORITHM, headers={"kid": key.kid}),
        jwt.encode(claims(), stranger, ALGORITHM, headers={"kid": "unknown"}),
        jwt.encode(claims(), key.private, ALGORITHM),
        jwt.encode(claims(), None, "none", headers={"kid": key.kid}),
        jwt.encode(claims(), public, "HS256", headers={"kid": key.kid}),
        jwt.encode(claims(aud="other"), key.private, ALGORITHM, headers={"kid": key.kid}),
        jwt.encode(claims(iss="other"), key.private, ALGORITHM, headers={"kid": key.kid}),
        jwt.encode(claims(company="7"), key.private, ALGORITHM, headers={"kid": key.kid}),
        jwt.encode(claims(exp=int(time.time()) - 1), key.private, ALGORITHM, headers={"kid": key.kid}),
    ]
    for name in access_tokens.CLAIMS:
        short = {k: v for k, v in claims().items() if k != name}
        forged.append(jwt.encode(short, key.private, ALGORITHM, headers={"kid": key.kid}))
    good = jwt.encode(claims(), key.private, ALGORITHM, headers={"kid": key.kid})
    assert tokens.verify(good)
    head, body, signature = good.split(".")
    other = base64.urlsafe_b64encode(json.dumps(claims(sub=str(uuid7()))).encode()).decode().rstrip("=")
    forged += [f"{head}.{other}.{signature}", f"{head}.{body}.", "a.b.c", "", "x" * 3000, "ä.ö.ü"]
    for text in forged:
        assert tokens.verify(text) is None, text


def test_sec_24_rotation_keeps_what_the_old_key_signed(
    keys: SigningKeys, tokens: AccessTokens, now: Now
) -> None:
    text, _ = tokens.issue(COMPANY, USER, SESSION)
    first = keys.current.kid
    assert keys.rotate().kid != first
    fresh = AccessTokens(keys, now)
    assert fresh.verify(text)
    assert jwt.get_unverified_header(fresh.issue(COMPANY, USER, SESSION)[0])["kid"] != first
    keys.rotate()
    assert AccessTokens(keys, now).verify(text) is None, "two rotations later it is unknown"


def test_sec_24_processes_share_the_keys(keys: SigningKeys, tmp_path: Path, now: Now) -> None:
    other = SigningKeys(tmp_path / "secrets" / FILE_NAME, sealer("access-token-keys", KEY))
    text, _ = AccessTokens(keys, now).issue(COMPANY, USER, SESSION)
    assert AccessTokens(other, now).verify(text)
    keys.rotate()
    text, _ = AccessTokens(keys, now).issue(COMPANY, USER, SESSION)
    assert AccessTokens(other, now).verify(text), "a key made by another process a moment ago"


def test_sec_44_keys_lie_sealed_and_private(keys: SigningKeys, tmp_path: Path) -> None:
    seed = keys.current.private.private_bytes_raw()
    path = tmp_path / "secrets" / FILE_NAME
    assert path.stat().st_mode & 0o077 == 0
    raw = base64.b64decode(path.read_text())
    assert seed not in raw
    assert seed.hex().encode() not in raw


def test_sec_44_other_instance_key_makes_new_signing_keys(keys: SigningKeys, tmp_path: Path) -> None:
    before = keys.current.kid
    other = SigningKeys(tmp_path / "secrets" / FILE_NAME, sealer("access-token-keys", KEY + " changed"))
    assert other.current.kid != before
    assert other.current.kid == other.current.kid


def test_sec_44_settings_give_the_keys_their_place(tmp_path: Path) -> None:
    settings = load_settings({"LUNARFRONT_HOME": str(tmp_path)}, testing=True)
    assert signing_keys(settings).current.kid == signing_keys(settings).current.kid
    assert (settings.secrets_dir / FILE_NAME).is_file()


def test_sec_44_sealed_text_opens_with_any_known_key_and_no_other() -> None:
    old, new = "old " * 10, "new " * 10
    sealed = sealer("totp", old).seal(b"seed")
    assert sealer("totp", new, old).open(sealed) == b"seed"
    for stranger in (sealer("totp", new), sealer("other", old)):
        with pytest.raises(SealBrokenError):
            stranger.open(sealed)
    for broken in (sealed[:-1], sealed[:10], b"", sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(SealBrokenError):
            sealer("totp", old).open(broken)
    assert derive(old, "a") != derive(old, "b")


def test_hot_path_remembers_at_most_ten_thousand_tokens(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_tokens, "MAX_CACHED", 3)
    texts = [tokens.issue(COMPANY, USER, SESSION)[0] for _ in range(5)]
    assert all(tokens.verify(text) for text in texts)
    assert len(tokens._verified) == 3
    assert all(tokens.verify(text) for text in texts), "a forgotten one is verified anew"
