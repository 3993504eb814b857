"""When failed work is tried again (SEC-72)."""

from datetime import timedelta
from secrets import SystemRandom

MAX_TRIES = 8
FIRST_DELAY = 10
JITTER = 0.2
ERROR_LENGTH = 2000

_random = SystemRandom()


class GiveUp(Exception):
    """Raised by a handler: trying again cannot help. The work goes to the failed list at once."""


def retry_delay(tries: int) -> timedelta:
    """Return how long to wait after ``tries`` failed tries: 10 s × 4^n, spread by a fifth either way."""
    seconds = FIRST_DELAY * 4 ** (tries - 1)
    return timedelta(seconds=seconds * _random.uniform(1 - JITTER, 1 + JITTER))


def is_final(tries: int, error: BaseException) -> bool:
    """Tell whether the work goes to the failed list."""
    return tries >= MAX_TRIES or isinstance(error, GiveUp)


def error_text(error: BaseException) -> str:
    """Return what the failed list shows: kind and message, without secrets, at most 2,000 characters."""
    from lunarfront.kernel.redaction import clean_text

    return clean_text(f"{type(error).__name__}: {error}")[:ERROR_LENGTH].replace("\x00", "")
