"""Text of the environment → typed values. A parser raises ValueError with the words after the name."""

from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", "none"})

DATABASE_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})


def text(value: str) -> str:
    """Return the text without surrounding blanks."""
    return value.strip()


def flag(value: str) -> bool:
    """Return a truth value: 1/true/yes/on or 0/false/no/off."""
    word = value.strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise ValueError("must be 1 or 0")


def path(value: str) -> Path:
    """Return an absolute path; ``~`` is the home folder."""
    return Path(value.strip()).expanduser().absolute()


def number(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from ``low`` to ``high``."""

    def parse(value: str) -> int:
        if not value.strip().isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser of one of the given words."""

    def parse(value: str) -> str:
        if value.strip().lower() not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return value.strip().lower()

    return parse


def database_url(value: str) -> str:
    """Return a PostgreSQL address in SQLAlchemy's form for psycopg 3."""
    scheme, separator, rest = value.strip().partition("://")
    if scheme not in DATABASE_SCHEMES or not separator:
        raise ValueError("must look like postgresql://user:password@host:5432/database")
    return f"postgresql+psycopg://{rest}"


def redis_url(value: str) -> str:
    """Return the address of a Valkey or Redis server."""
    if urlsplit(value.strip()).scheme not in REDIS_SCHEMES:
        raise ValueError("must look like redis://host:6379/0, rediss://… or unix:///path")
    return value.strip()


def public_url(value: str) -> str:
    """Return the address that customers see, without a slash at its end."""
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must look like https://shop.example.com")
    return value.strip().rstrip("/")


def networks(value: str) -> tuple[str, ...]:
    """Return addresses or networks, given with commas or blanks between them."""
    found = value.replace(",", " ").split()
    try:
        return tuple(str(ip_network(item, strict=False)) for item in found)
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8, separated by commas") from None


def host_and_port(value: str) -> str:
    """Return ``host:port``; empty means off."""
    host, _, port = value.strip().rpartition(":")
    if value.strip() and not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError("must look like 127.0.0.1:9108, or be empty")
    return value.strip()
