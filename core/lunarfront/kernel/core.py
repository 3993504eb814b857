"""What the running process shares: engine, clock, token verifier. Kept at ``app.extensions["lunarfront"]``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Connection, Engine, create_engine

from lunarfront.kernel.auth.credentials import Credential
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.config import Settings
from lunarfront.kernel.uow import UnitOfWork


@dataclass
class Core:
    """Process-wide services. Tests replace ``bind`` and ``session_options`` to join an outer transaction."""

    settings: Settings
    bind: Engine | Connection
    verify_access_token: Callable[[str], Credential | None] = lambda _text: None
    clock: Callable[[], datetime] = utc_now
    session_options: Mapping[str, Any] = field(default_factory=dict)
    redis: Any = None
    demo: bool = False
    testing: bool = False

    def unit_of_work(self, company_id: UUID) -> UnitOfWork:
        """Return a unit of work of a company, for work outside a request."""
        return UnitOfWork(self.bind, company_id, **self.session_options)


def core() -> Core:
    """Return the services of the current application."""
    found: Core = current_app.extensions["lunarfront"]
    return found


def make_engine(url: str, settings: Settings) -> Engine:
    """Return the engine of the application role (hot-path.md §5): small pool, no pre-ping, prepared statements."""
    threshold = None if settings.db_pooler == "transaction" else 5
    return create_engine(
        url,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=10,
        connect_args={"prepare_threshold": threshold, "connect_timeout": 5},
    )
