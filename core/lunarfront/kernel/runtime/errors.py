"""Refusals of the runtime; each is a sentence that says what to do."""

from lunarfront.kernel.config import OperatorError


class StartRefused(OperatorError):
    """A server or process cannot be started, or must not be (SEC-01)."""
