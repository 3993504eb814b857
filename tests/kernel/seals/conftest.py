"""A database of its own with audit rows to seal, and a superuser who may tamper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from lunarfront.kernel import audit
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.core import Core
from lunarfront.kernel.runtime.urls import libpq_url, with_database
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.plugin import RealDb


@dataclass
class Trail:
    """One company's audit trail on a real database."""

    core: Core
    company_id: UUID
    admin_url: str

    def note(self, uow: UnitOfWork, text: str = "noted") -> UUID:
        return audit.write(
            uow, occurred_at=utc_now(), actor="system", action="test.noted", entity_type="test", note=text,
            new={"amount": "1.10", "rate": 1.10}, ip="10.0.0.9",
        )  # fmt: skip

    def add(self, count: int = 1) -> list[UUID]:
        ids = []
        for number in range(count):
            with self.core.unit_of_work(self.company_id) as uow:
                ids.append(self.note(uow, f"row {number}"))
                uow.commit()
        return ids

    def rows(self, sql: str, **params: Any) -> list[Any]:
        with self.core.unit_of_work(self.company_id) as uow:
            return list(uow.query(sql, params))

    def tamper(self, sql: str, *params: Any) -> None:
        """Run a statement as superuser with triggers and keys switched off."""
        with psycopg.connect(self.admin_url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(sql, params)


@pytest.fixture
def trail(realdb: RealDb, server: TestServer) -> Trail:
    database = realdb.engine.url.database or ""
    core: Core = realdb.app.extensions["lunarfront"]
    return Trail(core, realdb.world.company.id, libpq_url(with_database(server.admin_url, database)))


@pytest.fixture
def open_transaction(trail: Trail) -> Iterator[Callable[[], UnitOfWork]]:
    """Transactions that have written and stay open."""
    opened: list[UnitOfWork] = []

    def begin() -> UnitOfWork:
        uow = trail.core.unit_of_work(trail.company_id)
        opened.append(uow)
        trail.note(uow, "slow")
        uow.flush()
        return uow

    yield begin
    for uow in opened:
        uow.rollback()
        uow.close()
