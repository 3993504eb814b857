"""Sealing of stored secrets under a key outside the database (SEC-44).

A sealed text names the key it was made with, so that the instance key can be changed: new texts use the
first key, old ones are opened with the key they name.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

KEY_ID_BYTES = 4


class SealBrokenError(ValueError):
    """A sealed text cannot be opened: it was changed, or the key it names is not here."""


@dataclass(frozen=True)
class Sealer:
    """Seals and opens bytes for one purpose; ``keys`` are 32-byte keys, the current one first."""

    keys: Sequence[bytes]

    def seal(self, plain: bytes) -> bytes:
        """Return ``plain`` sealed with the current key, behind that key's id."""
        key = self.keys[0]
        return _key_id(key) + bytes(SecretBox(key).encrypt(plain))

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed.

        Raises:
            SealBrokenError: the text was changed, or its key is unknown.
        """
        name, body = sealed[:KEY_ID_BYTES], sealed[KEY_ID_BYTES:]
        for key in self.keys:
            if _key_id(key) == name:
                return _open(key, body)
        raise SealBrokenError("sealed with a key that is not here")


def sealer(purpose: str, *instance_keys: str) -> Sealer:
    """Return the sealer of a purpose: its keys are derived from the instance keys, the current one first."""
    return Sealer([derive(key, purpose) for key in instance_keys])


def derive(instance_key: str, purpose: str) -> bytes:
    """Return the 32-byte key of one purpose; keys of different purposes tell nothing about each other."""
    master = hashlib.sha256(instance_key.encode()).digest()
    return hashlib.blake2b(
        purpose.encode(), key=master, digest_size=SecretBox.KEY_SIZE, person=b"lunarfront"
    ).digest()


def _key_id(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=KEY_ID_BYTES, person=b"lf-key-id").digest()


def _open(key: bytes, body: bytes) -> bytes:
    try:
        return bytes(SecretBox(key).decrypt(body))
    except (CryptoError, ValueError, TypeError) as error:
        raise SealBrokenError("the sealed text was changed") from error
