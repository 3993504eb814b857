"""Reads ``LUNARFRONT_ENV_FILE``: NAME=value lines, as systemd and Docker write them."""

from pathlib import Path

from lunarfront.kernel.config.errors import ConfigError


def read_env_file(path: Path) -> dict[str, str]:
    """Return the names and values of the file. ``#`` begins a comment; quotes around values are removed.

    Nothing is substituted inside values, so a password may hold any character.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"LUNARFRONT_ENV_FILE: {path} cannot be read ({error.strerror}).") from None
    entries = ((place, line.strip()) for place, line in enumerate(lines, start=1))
    return dict(_entry(path, place, line) for place, line in entries if line and not line.startswith("#"))


def _entry(path: Path, place: int, line: str) -> tuple[str, str]:
    name, equals, value = line.removeprefix("export ").partition("=")
    if not equals or not name.strip().isidentifier():
        raise ConfigError(f"LUNARFRONT_ENV_FILE: line {place} of {path} is not NAME=value.")
    return name.strip(), _unquoted(value.strip())


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
