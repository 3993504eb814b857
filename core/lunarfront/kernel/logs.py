"""Logs: one JSON object a line on stdout, or readable on a terminal; never a secret (runtime.md §8, SEC-41)."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from lunarfront.kernel.config import Settings
from lunarfront.kernel.redaction import clean, clean_named

#: Libraries that say too much below warning.
QUIET = ("urllib3", "alembic.runtime.migration", "rq.worker", "rq.job", "werkzeug")
#: Keys that are ours and no field of anybody.
_OWN = frozenset(
    {"event", "level", "time", "logger", "exception", "stack", "request_id", "job_id", "company_id"}
)


def configure_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log line of this process, structlog's and the standard library's, through one chain.

    Args:
        settings: format (``json`` or ``pretty``) and level.
        stream: where lines go; standard output when left out.
    """
    level = getattr(logging, settings.log_level.upper())
    shared = _shared()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_formatter(settings.log == "pretty", shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Remove secrets from every field, the event's text and tracebacks (SEC-41)."""
    return {key: clean(value) if key in _OWN else clean_named(key, value) for key, value in event.items()}


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]


def _formatter(pretty: bool, shared: list[Processor]) -> logging.Formatter:
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    last += [
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _readable,
        redact,
    ]
    render: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), timestamp_key="time")
        if pretty
        else structlog.processors.JSONRenderer(default=str)
    )
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*last, render])


def _readable(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> EventDict:
    """Turn objects into text before they are searched, so that none is written unseen; drop empty fields."""
    return {
        key: value if _is_plain(value) else str(value) for key, value in event.items() if value is not None
    }


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | bytes | int | float | bool | dict | list | tuple | set | frozenset)
