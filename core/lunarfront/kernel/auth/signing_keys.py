"""Keys that sign access tokens: made once, kept sealed in the secrets folder, changed by rotation (SEC-24, SEC-44)."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lunarfront.kernel.config import Settings, ensure_secret_key
from lunarfront.kernel.config.private_files import secret_once, write_private
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.secretbox import SealBrokenError, Sealer, sealer

FILE_NAME = "access_token_keys"
#: An old key verifies until the tokens it signed have ended; two are more than enough for that.
KEPT = 2


@dataclass(frozen=True)
class SigningKey:
    """One Ed25519 key with the id that stands in the header of its tokens."""

    kid: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        """The half that verifies."""
        return self.private.public_key()


class SigningKeys:
    """The keys of an installation, shared by its processes through one file, newest first."""

    def __init__(self, path: Path, box: Sealer) -> None:
        self._path, self._box = path, box
        self._lock = Lock()
        self._read: tuple[int, list[SigningKey]] | None = None

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self._keys()[0]

    def find(self, kid: str) -> SigningKey | None:
        """Return the key of a token; another process may have made it a moment ago."""
        return next((key for key in self._keys() if key.kid == kid), None)

    def rotate(self) -> SigningKey:
        """Make a new key that signs from now on; the one before still verifies what it signed."""
        fresh = _new_key()
        with self._lock:
            write_private(self._path, self._sealed([fresh, *self._load()][:KEPT]))
            self._read = None
        return fresh

    def _keys(self) -> list[SigningKey]:
        with self._lock:
            return self._load()

    def _load(self) -> list[SigningKey]:
        text = secret_once(self._path, lambda: self._sealed([_new_key()])) if self._read is None else None
        changed = self._path.stat().st_mtime_ns
        if self._read is None or self._read[0] != changed:
            text = text or self._path.read_text(encoding="ascii")
            self._read = (changed, self._opened(text))
        return self._read[1]

    def _sealed(self, keys: Sequence[SigningKey]) -> str:
        plain = json.dumps([{"kid": key.kid, "seed": key.private.private_bytes_raw().hex()} for key in keys])
        return base64.b64encode(self._box.seal(plain.encode())).decode("ascii")

    def _opened(self, text: str) -> list[SigningKey]:
        """A changed instance key makes the old signing keys unreadable: their tokens end, new ones are signed anew."""
        try:
            rows = json.loads(self._box.open(base64.b64decode(text)))
        except SealBrokenError:
            fresh = [_new_key()]
            write_private(self._path, self._sealed(fresh))
            return fresh
        return [
            SigningKey(r["kid"], Ed25519PrivateKey.from_private_bytes(bytes.fromhex(r["seed"]))) for r in rows
        ]


def signing_keys(settings: Settings) -> SigningKeys:
    """Return the keys of this installation."""
    box = sealer("access-token-keys", ensure_secret_key(settings))
    return SigningKeys(settings.secrets_dir / FILE_NAME, box)


def _new_key() -> SigningKey:
    return SigningKey(uuid7().hex, Ed25519PrivateKey.generate())
