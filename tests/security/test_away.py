"""What a client is told when a part is away, and that nothing is half done (SEC-78)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine

from lunarfront.app import create_app
from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.goods import add_category, add_item, add_stock
from lunarfront.sdk.testing.plugin import RealDb
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld
from tests.security.conftest import as_company, signed_in

NOWHERE = "postgresql+psycopg://lf_app:x@127.0.0.1:1/lunarfront"
ROWS = ("transaction", "transaction_line_item", "tender", "drawer_movement", "stock_movement", "journal_entry",
        "financial_event", "audit_log", "idempotency_record")  # fmt: skip


# --- no database at all ---------------------------------------------------------------------------------------


@pytest.fixture
def without_database(server: TestServer) -> Iterator[Flask]:
    engine = create_engine(NOWHERE)
    yield create_app(server.settings, NOWHERE, bind=engine, testing=True)
    engine.dispose()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/accounts", None),
        ("POST", "/transactions", {"client_uuid": str(uuid4()), "lines": []}),
        ("POST", "/auth/login", {"email": "staff@a.example", "password": PASSWORD}),
        ("POST", "/auth/refresh", {"refresh_token": "lr_" + "A" * 64}),
        ("PATCH", "/companies/current", {"name": "x"}),
    ],
)
def test_sec_78_without_database_the_api_says_try_again(
    without_database: Flask, company: CompanyWorld, method: str, path: str, body: Any
) -> None:
    client = ApiClient(without_database, company.people["admin"].token, company.terminal_id)
    answer = client.call(method, path, body, If_Match='"1"')
    assert (answer.status_code, answer.json["code"]) == (503, "dependency_unavailable"), answer.json
    assert int(answer.headers["Retry-After"]) >= 1
    assert "127.0.0.1" not in answer.text


def test_sec_78_without_database_pages_say_so_too(without_database: Flask, company: CompanyWorld) -> None:
    browser = without_database.test_client()
    headers = {"Authorization": f"Bearer {company.people['admin'].token}"}
    answer = browser.get("/orders", headers=headers)
    assert answer.status_code == 503
    assert "Request " in answer.text
    assert browser.get("/api/v1/health/live").status_code == 200


# --- a database in trouble in the middle of a sale ------------------------------------------------------------


@pytest.fixture
def item(realdb: RealDb) -> UUID:
    """A stocked item and an open drawer."""
    company = realdb.world.company
    with UnitOfWork(realdb.engine, company.id) as uow:
        variant = add_item(uow, add_category(uow), "A", "10.00")
        add_stock(uow, variant, company.location_id, "50", "200.00")
        now = utc_now()
        uow.add(
            DrawerSession, drawer_id=company.drawer_id, terminal_id=company.terminal_id,
            location_id=company.location_id, status="open", opened_by=company.people["admin"].id, opened_at=now,
            business_date=now.date(), opening_float="0.00",
        )  # fmt: skip
        uow.commit()
    return variant


def sale(item: UUID) -> dict[str, Any]:
    return {
        "client_uuid": str(uuid4()),
        "lines": [{"variant_id": str(item), "qty": "1"}],
        "tenders": [{"type": "cash", "tendered": "20.00"}],
        "complete": True,
    }


def break_with(connection: psycopg.Connection[Any], code: str) -> None:
    """Let the last row of a sale fail as the server does when it is in this trouble."""
    connection.execute(
        "CREATE OR REPLACE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{code}'; END $$"
    )
    connection.execute("DROP TRIGGER IF EXISTS trouble ON idempotency_record")
    connection.execute(
        "CREATE TRIGGER trouble BEFORE INSERT ON idempotency_record FOR EACH ROW EXECUTE FUNCTION trouble()"
    )


@pytest.mark.realdb
def test_sec_78_disk_full_and_other_troubles_leave_nothing_half_done(realdb: RealDb, item: UUID) -> None:
    """53100 disk full, 53200 no memory, 58030 input or output, 57014 and 55P03 time limits, 25006 reads only."""
    client, bodies = realdb.client(), []
    with signed_in(realdb.urls.owner_url) as owner:
        owner.autocommit = True
        for code in ("53100", "53200", "58030", "57014", "55P03", "25006"):
            break_with(owner, code)
            bodies.append(sale(item))
            answer = client.post("/transactions", bodies[-1], Idempotency_Key=f"key-{code}")
            assert (answer.status_code, answer.json["code"]) == (503, "dependency_unavailable"), code
            assert "trouble" not in answer.text
        assert written(realdb) == dict.fromkeys(ROWS, 0)
        owner.execute("DROP TRIGGER trouble ON idempotency_record")
    first = client.post("/transactions", bodies[0], Idempotency_Key="key-53100")
    again = client.post("/transactions", bodies[0], Idempotency_Key="key-53100")
    assert (first.status_code, first.json["number"]) == (201, "MAIN-T1-000001"), "IDM-02: the key was free"
    assert (again.headers["Idempotent-Replayed"], again.data) == ("true", first.data)


def written(realdb: RealDb) -> dict[str, int]:
    """How many rows each part of a sale has."""
    with signed_in(realdb.urls.app_url) as connection:
        as_company(connection, realdb.world.company.id)
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in ROWS}  # type: ignore[index]


@pytest.mark.realdb
def test_sec_78_deadlocks_are_tried_again_and_then_told(realdb: RealDb, item: UUID) -> None:
    """OCC-02: three tries, then a conflict; never a fault of ours."""
    client = realdb.client()
    with signed_in(realdb.urls.owner_url) as owner:
        owner.autocommit = True
        for code in ("40001", "40P01"):
            break_with(owner, code)
            answer = client.post("/transactions", sale(item))
            assert (answer.status_code, answer.json["code"]) == (409, "conflict"), answer.json
    assert written(realdb) == dict.fromkeys(ROWS, 0)


@pytest.mark.realdb
def test_sec_78_a_cut_connection_is_replaced_without_the_client_noticing(realdb: RealDb, item: UUID) -> None:
    client = realdb.client()
    assert client.post("/transactions", sale(item)).status_code == 201
    with signed_in(realdb.urls.admin_url) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'lf_app'"
        )
        admin.commit()
    assert client.post("/transactions", sale(item)).status_code == 201


@pytest.mark.realdb
def test_sec_71_sales_need_no_valkey(realdb: RealDb, item: UUID) -> None:
    """The rig has no Valkey at all: what follows a sale waits in the database."""
    assert realdb.app.extensions["lunarfront"].redis is None
    assert realdb.client().post("/transactions", sale(item)).status_code == 201
