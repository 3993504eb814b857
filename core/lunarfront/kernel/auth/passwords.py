"""Hashing of passwords and PINs (SEC-20)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
#: A hash of nothing anybody knows: verified where a user does not exist, so that the answer takes as long.
_DUMMY = _hasher.hash("no such user, same work")


def hash_password(text: str) -> str:
    """Return the argon2id hash of a password or PIN."""
    return _hasher.hash(text)


def verify_password(stored: str | None, text: str) -> bool:
    """Tell whether ``text`` is the password; without a stored hash the same work is done and the answer is no."""
    try:
        return _hasher.verify(stored or _DUMMY, text) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Tell whether the parameters have changed since this hash was made."""
    return _hasher.check_needs_rehash(stored)
