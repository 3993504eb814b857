"""Time limits of handlers where rq does not set them: modes ``postgres`` and ``inline`` (SEC-72)."""

import signal
import threading
from contextlib import AbstractContextManager

from rq.timeouts import JobTimeoutException, TimerDeathPenalty, UnixSignalDeathPenalty


def time_limit(seconds: int) -> AbstractContextManager[object]:
    """Raise in the block when it takes longer: by signal where there are signals, else by a second thread."""
    by_signal = hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread()
    penalty = UnixSignalDeathPenalty if by_signal else TimerDeathPenalty
    limit: AbstractContextManager[object] = penalty(seconds, JobTimeoutException)
    return limit
