"""Rules for secrets and the key that LunarFront makes for itself (SEC-40)."""

import hashlib
import os
import secrets
import stat
from pathlib import Path

from lunarfront.kernel.config.errors import ConfigError
from lunarfront.kernel.config.private_files import ensure_home, secret_once
from lunarfront.kernel.config.settings import Settings

MIN_KEY_BYTES = 32
#: Words that stand in published examples and never in a random key.
EXAMPLE_WORDS = (
    "changeme", "change-me", "change_me", "changethis", "change-this", "change_this", "example", "insecure",
    "placeholder", "replaceme", "replace-me", "replace_me", "your-secret", "your_secret", "yoursecret",
)  # fmt: skip
#: SHA-256 of keys that are printed in the payment provider's public documentation.
EXAMPLE_HASHES = frozenset(
    {
        "2cafc0970149a84f3b9e62eaf169f36f59907a3b3e31f7b82e68c69cd27f7326",
        "f2d6ca16515033e5dce14eba840b979d27b5cbae24bb3e5bf484339667f86397",
    }
)
#: Docker mounts secrets here, readable for the container alone.
MOUNTED_SECRETS = Path("/run/secrets")


def check_secret(name: str, value: str) -> None:
    """Refuse a secret known from examples. Raises ConfigError, which names the variable only (SEC-40)."""
    lowered = value.lower()
    if any(word in lowered for word in EXAMPLE_WORDS) or digest(value) in EXAMPLE_HASHES:
        raise ConfigError(f"{name} is a known example. Set a value of your own.")


def check_key(name: str, value: str) -> None:
    """Refuse a signing key that is an example, short or without variety (SEC-40)."""
    check_secret(name, value)
    if len(value.encode()) < MIN_KEY_BYTES:
        raise ConfigError(f"{name} is shorter than {MIN_KEY_BYTES} bytes. Leave it unset to get a good one.")
    if len(set(value)) < MIN_KEY_BYTES // 4:
        raise ConfigError(f"{name} repeats a few characters. Leave it unset to get a good one.")


def digest(value: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(value.encode()).hexdigest()


def read_secret_file(name: str, path: Path) -> str:
    """Return the content of a secret's file. Others must not be able to read it (SEC-40)."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{name}: the file {path} cannot be read ({error.strerror}).") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077 and MOUNTED_SECRETS not in path.parents:
        raise ConfigError(f"{name}: others can read the file {path}. Set its mode to 0600.")
    if not content:
        raise ConfigError(f"{name}: the file {path} is empty.")
    return content


def ensure_secret_key(settings: Settings) -> str:
    """Return the signing key: given, or made once into ``secrets/secret_key``, mode 0600 (SEC-40)."""
    if settings.secret_key is not None:
        return settings.secret_key
    ensure_home(settings.home)
    key = secret_once(settings.secrets_dir / "secret_key", lambda: secrets.token_urlsafe(48))
    check_key("LUNARFRONT_SECRET_KEY", key)
    return key
