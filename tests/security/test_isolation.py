"""One wall of two taken away: the other one still holds (SEC-02 to SEC-06, threats 2 and 3)."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError

from lunarfront.app import create_app
from lunarfront.kernel.db import db
from lunarfront.kernel.db import session as sessions
from lunarfront.kernel.db.session import CompanySession
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.world import CompanyWorld
from tests.api.ids import PARAMETER, table_of
from tests.security.conftest import Store, as_company, signed_in

pytestmark = pytest.mark.realdb
ROUNDS = 400


def tenant_tables() -> list[Any]:
    return [table for table in db.metadata.tables.values() if "company_id" in table.columns]


# --- threat 2: the ORM filter is forgotten --------------------------------------------------------------------


@pytest.fixture
def no_filter() -> Iterator[None]:
    """The ORM's own company filter does nothing (SEC-04 switched off)."""
    event.remove(CompanySession, "do_orm_execute", sessions._filter_company)
    try:
        yield
    finally:
        event.listen(CompanySession, "do_orm_execute", sessions._filter_company)


@pytest.fixture
def strangers(store: Store) -> dict[str, list[UUID]]:
    """The other company's ids by table, read as the administrator."""
    with store.connection("admin") as connection:
        return {
            table.name: [
                row[0]
                for row in connection.execute(
                    f'SELECT id FROM "{table.name}" WHERE company_id = %s', [store.world.other.id]
                )
            ]
            for table in tenant_tables()
            if "id" in table.columns
        }


def test_threat_2_without_the_filter_every_model_still_shows_one_company(
    store: Store, no_filter: None, strangers: dict[str, list[UUID]]
) -> None:
    engine = create_engine(store.urls.app_url)
    seen = 0
    try:
        for mapper in db.Model.registry.mappers:
            model = mapper.class_
            if "company_id" not in model.__table__.columns:
                continue
            with UnitOfWork(engine, store.world.company.id) as uow:
                companies = set(uow.session.execute(select(model.company_id)).scalars())
                assert companies <= {store.world.company.id}, model.__tablename__
            seen += bool(companies and strangers.get(model.__tablename__))
    finally:
        engine.dispose()
    assert seen > 40, "the proof needs tables in which both companies have rows"


def test_threat_2_without_the_filter_routes_still_answer_404(
    store: Store, no_filter: None, strangers: dict[str, list[UUID]]
) -> None:
    client = store.client("admin")
    tried = 0
    for rule in store.app.url_map.iter_rules():
        parameters = PARAMETER.findall(rule.rule)
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith("/api/v1/") or not parameters:
            continue
        url = rule.rule
        for parameter in parameters:
            url = url.replace(
                f"<uuid:{parameter}>", str(strangers[table_of(parameter, rule.rule, strangers)][-1])
            )
        assert client.get(url).status_code == 404, url
        tried += 1
    assert tried > 30


# --- SEC-02: plain SQL of the application's role --------------------------------------------------------------


def test_sec_02_sql_sees_no_row_of_the_other_company(store: Store) -> None:
    other = store.world.other.id
    with store.connection("app") as connection:
        for table in tenant_tables():
            found = connection.execute(
                f'SELECT count(*) FROM "{table.name}" WHERE company_id = %s', [other]
            ).fetchone()
            assert found == (0,), table.name
        assert connection.execute("SELECT count(*) FROM company").fetchone() == (1,)


def test_sec_02_sql_changes_no_row_of_the_other_company(store: Store) -> None:
    other = store.world.other.id
    with store.connection("app") as connection:
        for table in tenant_tables():
            if table.info.get("append_only"):
                continue
            statement = f'UPDATE "{table.name}" SET company_id = company_id WHERE company_id = %s'
            assert connection.execute(statement, [other]).rowcount == 0, table.name
            deleted = connection.execute(f'DELETE FROM "{table.name}" WHERE company_id = %s', [other])
            assert deleted.rowcount == 0, table.name


def test_sec_02_sql_writes_no_row_into_the_other_company(store: Store) -> None:
    """WITH CHECK: neither a new row nor a moved one."""
    statements = (
        "INSERT INTO reason_code (company_id, id, kind, code, label) VALUES (%s, gen_random_uuid(), 'x', 'x', 'x')",
        "UPDATE drawer SET company_id = %s",
    )
    for statement in statements:
        with (
            store.connection("app") as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege) as caught,
        ):
            connection.execute(statement, [store.world.other.id])
        assert "row-level security" in str(caught.value)


def test_sec_02_owner_is_bound_too(store: Store) -> None:
    with store.connection("owner") as connection:
        assert connection.execute("SELECT count(DISTINCT company_id) FROM location").fetchone() == (1,)


def test_sec_06_views_ask_with_the_rights_of_the_caller(store: Store) -> None:
    wanted = (
        "SELECT c.relname, c.relkind, coalesce(c.reloptions::text, '') FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')"
    )
    with store.connection("admin") as connection:
        for name, kind, options in connection.execute(wanted):
            assert (kind, "security_invoker=true" in options) == ("v", True), name


# --- threat 3: what a pooled connection remembers -------------------------------------------------------------


@pytest.fixture
def one_connection(store: Store, server: TestServer) -> Iterator[Flask]:
    """The application with a pool of a single connection."""
    engine = create_engine(store.urls.app_url, pool_size=1, max_overflow=0)
    yield create_app(server.settings, store.urls.app_url, bind=engine, testing=True)
    engine.dispose()


def test_sec_03_threat_3_companies_take_turns_on_one_connection(store: Store, one_connection: Flask) -> None:
    """Requests of two companies, one after the other and at once, with failures between: each sees its own."""
    clients = {
        company.id: ApiClient(one_connection, company.people["admin"].token, company.terminal_id)
        for company in (store.world.company, store.world.other)
    }
    wrong: list[Any] = []

    def turn(company: CompanyWorld, number: int) -> None:
        client = clients[company.id]
        if number % 5 == 0:
            client.post("/transactions", {"client_uuid": "nonsense"})
        if number % 7 == 0:
            _abort(one_connection, company)
        seen = client.get("/locations").json["items"]
        if [row["id"] for row in seen] != [str(company.location_id)]:
            wrong.append(seen)

    def work(first: int) -> None:
        for number in range(first, ROUNDS, 2):
            turn((store.world.company, store.world.other)[number // 2 % 2], number)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _abort(app: Flask, company: CompanyWorld) -> None:
    """Break a transaction in the middle and give the connection back."""
    with UnitOfWork(app.extensions["lunarfront"].bind, company.id) as uow:
        uow.query("SELECT 1")
        with pytest.raises(DBAPIError):
            uow.query("SELECT 1 / 0")


def test_sec_03_a_returned_connection_has_forgotten_the_company(store: Store) -> None:
    engine: Engine = create_engine(store.urls.app_url, pool_size=1, max_overflow=0)
    try:
        for commit in (True, False):
            with UnitOfWork(engine, store.world.company.id) as uow:
                assert uow.query("SELECT count(*) AS n FROM location")[0].n == 1
                if commit:
                    uow.commit()
            with engine.connect() as connection, pytest.raises(DBAPIError):
                connection.execute(text("SELECT count(*) FROM location"))
    finally:
        engine.dispose()


def test_sec_03_the_company_of_a_session_cannot_change(store: Store) -> None:
    engine = create_engine(store.urls.app_url)
    try:
        with UnitOfWork(engine, store.world.company.id) as uow:
            uow.query("SELECT 1")
            with uow.session.begin_nested():
                assert uow.query("SELECT current_setting('app.company_id') AS c")[0].c == str(uow.company_id)
            with pytest.raises(AttributeError):
                uow.session.company_id = store.world.other.id  # type: ignore[misc]
            assert uow.session.execute(select(func.current_setting("app.company_id"))).scalar() == str(
                uow.company_id
            )
    finally:
        engine.dispose()


def test_sec_02_a_connection_without_company_reads_nothing(store: Store) -> None:
    with signed_in(store.urls.app_url) as connection:
        with connection.transaction(force_rollback=True):
            as_company(connection, store.world.company.id)
        for table in ("account", "transaction", "company", "auth_session"):
            with pytest.raises(psycopg.Error), connection.transaction():
                connection.execute(f'SELECT count(*) FROM "{table}"')
