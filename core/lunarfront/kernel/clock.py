"""Server clock and business date (GEN-06, GEN-07)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the server time, aware, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return an IANA zone.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: the name is not a zone.
    """
    return ZoneInfo(name)


def business_date(moment: datetime, timezone: str, day_cutoff: time) -> date:
    """Return the business date of a UTC ``moment`` at a location (GEN-07, example W13).

    Local wall-clock time minus ``day_cutoff``, date part. Wall-clock arithmetic, so a night with a
    clock change does not move the border.
    """
    local = moment.astimezone(zone(timezone)).replace(tzinfo=None)
    return (local - timedelta(hours=day_cutoff.hour, minutes=day_cutoff.minute)).date()
