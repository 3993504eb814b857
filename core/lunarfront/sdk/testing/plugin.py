"""pytest plugin of LunarFront: ``world``, ``app``, ``client``, ``as_user``, ``ctx``, ``realdb``, ``count_queries``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, event

from lunarfront.app import create_app
from lunarfront.kernel.cache import CompanyCache
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.runtime.testing import temporary_home
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.contexts import context_of
from lunarfront.sdk.testing.database import TestServer, test_server
from lunarfront.sdk.testing.world import CompanyWorld, World


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    """The PostgreSQL server of this run with its template database."""
    with temporary_home() as home, test_server(home) as running:
        yield running


@pytest.fixture(scope="session")
def shared_engine(server: TestServer) -> Iterator[Engine]:
    """A database that rolls back after each test."""
    with server.clone() as urls:
        engine = create_engine(urls.app_url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def shared_app(server: TestServer, shared_engine: Engine) -> Flask:
    """One application for all tests that roll back; each test lends it its connection."""
    return create_app(server.settings, server.urls.app_url, bind=shared_engine, testing=True)


@pytest.fixture
def world(server: TestServer) -> World:
    """Both companies."""
    return server.world


@pytest.fixture
def company(world: World) -> CompanyWorld:
    """The company under test."""
    return world.company


@pytest.fixture
def other_company(world: World) -> CompanyWorld:
    """The company whose rows must never be seen."""
    return world.other


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    """A connection whose outer transaction is rolled back."""
    with shared_engine.connect() as open_connection:
        outer = open_connection.begin()
        yield open_connection
        if outer.is_active:
            outer.rollback()


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = field(default_factory=utc_now)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        """Move on by a timedelta."""
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    """The clock of ``app`` and ``ctx``."""
    return Clock()


@pytest.fixture
def app(shared_app: Flask, connection: Connection, clock: Clock) -> Iterator[Flask]:
    """The application, bound to this test's outer transaction."""
    core: Core = shared_app.extensions["lunarfront"]
    before = (core.bind, core.session_options, core.clock)
    core.bind, core.session_options = connection, {"join_transaction_mode": "create_savepoint"}
    core.clock = clock
    CompanyCache.clear_all()
    with shared_app.app_context():
        yield shared_app
    core.bind, core.session_options, core.clock = before


@pytest.fixture
def as_user(app: Flask, company: CompanyWorld) -> Callable[..., ApiClient]:
    """``as_user("staff")``: an API client of a person of that role at the company's till."""

    def make(role: str, of: CompanyWorld | None = None, terminal: bool = True) -> ApiClient:
        home = of or company
        return ApiClient(app, home.people[role].token, home.terminal_id if terminal else None)

    return make


@pytest.fixture
def client(as_user: Callable[..., ApiClient]) -> ApiClient:
    """An API client of the administrator."""
    return as_user("admin")


@pytest.fixture
def ctx(app: Flask, connection: Connection, company: CompanyWorld, clock: Clock) -> Iterator[CompanyContext]:
    """A context of the administrator at the company's till, for calling services and queries directly."""
    with UnitOfWork(connection, company.id, join_transaction_mode="create_savepoint") as uow:
        yield context_of(uow, company, company.people["admin"].id, clock())


@dataclass
class RealDb:
    """A database of its own, for tests that commit, run in threads or read by a second connection."""

    app: Flask
    engine: Engine
    urls: Any
    world: World

    def client(self, role: str = "admin", terminal: bool = True) -> ApiClient:
        """Return an API client on this database."""
        company = self.world.company
        return ApiClient(self.app, company.people[role].token, company.terminal_id if terminal else None)


@pytest.fixture
def realdb(server: TestServer) -> Iterator[RealDb]:
    """A fresh clone of the template with an application of its own."""
    with server.clone() as urls:
        engine = create_engine(urls.app_url, pool_size=12, max_overflow=8)
        app = create_app(server.settings, urls.app_url, bind=engine, testing=True)
        with app.app_context():
            yield RealDb(app, engine, urls, server.world)
        engine.dispose()


@contextmanager
def counted(target: Engine | Connection) -> Iterator[list[str]]:
    """Collect the statements that run on ``target``; savepoints of the test rig do not count."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
            statements.append(statement)

    event.listen(target, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(target, "before_cursor_execute", note)


@pytest.fixture
def count_queries(connection: Connection) -> Callable[[], Any]:
    """``with count_queries() as statements: …`` collects the SQL of the block."""
    return lambda: counted(connection)
