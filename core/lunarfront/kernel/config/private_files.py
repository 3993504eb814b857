"""Folders and files that LunarFront makes for itself: its home, and secrets with mode 0600 (SEC-40)."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from lunarfront.kernel.config.errors import ConfigError

#: Others may pass through the home folder (the database's user must), but not list it.
HOME_MODE = 0o711
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def ensure_home(home: Path) -> Path:
    """Make the home folder if it is missing; an existing one, and its parents, keep their modes.

    Raises ConfigError when it belongs to somebody else, so that no later step fails half way.
    """
    make_folder(home, HOME_MODE)
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise ConfigError(f"{home} is not ours to write. Run as its owner, or set LUNARFRONT_HOME.")
    return home


def make_folder(path: Path, mode: int = PRIVATE_FOLDER) -> Path:
    """Make a folder with this mode, whatever the umask; one that exists is left as it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=mode)
        path.chmod(mode)
    except FileExistsError:
        if not path.is_dir():
            raise ConfigError(f"{path} is not a folder. Move it, or set LUNARFRONT_HOME.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be made ({error.strerror}). Set LUNARFRONT_HOME.") from None
    return path


def secret_once(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in the file; the first caller makes it. Concurrent callers get the same one."""
    if not path.exists():
        make_folder(path.parent)
        _write_first(path, make())
    return read_private(path)


def read_private(path: Path) -> str:
    """Return the content of one of our own secret files. Raises ConfigError when it cannot be read."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}). Run as the owner of LUNARFRONT_HOME."
        ) from None


def make_password() -> str:
    """Return a new random password of 256 bits, safe in URLs."""
    return secrets.token_urlsafe(32)


def write_private(path: Path, content: str) -> None:
    """Write a 0600 file, whole or not at all."""
    make_folder(path.parent)
    fresh = _fresh(path, content)
    fresh.replace(path)


def _write_first(path: Path, content: str) -> None:
    """Give the file its content unless another process was first."""
    fresh = _fresh(path, content)
    try:
        if os.name == "nt":
            fresh.rename(path)
        else:
            os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


def _fresh(path: Path, content: str) -> Path:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return fresh
