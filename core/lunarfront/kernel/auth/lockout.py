"""Rules of failed sign-ins: when an account, an address or a terminal has to wait (USR-01, USR-10, SEC-21)."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

FAILURES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)
PIN_FAILURES = 5


@dataclass(frozen=True)
class Limit:
    """At most ``most`` in a window of time."""

    most: int
    window: timedelta


PER_ADDRESS = Limit(20, timedelta(minutes=5))
PER_COMPANY = Limit(300, timedelta(minutes=5))


def lock_after(failures: int) -> timedelta | None:
    """Return how long an account is locked by its failure number ``failures`` since the last success.

    Every fifth failure locks: 15 minutes, then doubling up to a day (USR-01).
    """
    if failures <= 0 or failures % FAILURES:
        return None
    doublings = min(failures // FAILURES - 1, 16)
    return min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)


def address_key(address: str | None) -> str:
    """Return what counts as one address: IPv4 whole, IPv6 by its network of 64 bits, which is one customer's."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
    return str(parsed)
