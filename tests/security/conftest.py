"""What attackers have: the database by each role, a browser with somebody's cookie, companies full of rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import marshmallow as ma
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine

from lunarfront.app import create_app
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.runtime.roles import DatabaseUrls
from lunarfront.kernel.runtime.urls import libpq_url
from lunarfront.kernel.seals import seal_company
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.contexts import context_of
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.strangers import fill_company
from lunarfront.sdk.testing.world import PASSWORD, PIN, CompanyWorld, World
from tests.api.ids import PARAMETER, filled, table_of
from tests.web.conftest import form_token_of

UNSAFE = {"POST", "PATCH", "PUT", "DELETE"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
Sql = Callable[..., Any]


@contextmanager
def signed_in(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of one role whose transaction is rolled back at the end."""
    with psycopg.connect(libpq_url(url)) as connection:
        yield connection
        connection.rollback()


def as_company(connection: psycopg.Connection[Any], company_id: UUID) -> None:
    """Set the company of this transaction, as the unit of work does."""
    connection.execute("SELECT set_config('app.company_id', %s, true)", [str(company_id)])


@dataclass(frozen=True)
class Store:
    """A committed database in which both companies have a row of everything."""

    app: Flask
    urls: DatabaseUrls
    world: World

    def connection(self, role: str) -> Any:
        """Connect as ``app``, ``owner`` or ``admin``, with the company set."""
        return _of_company(getattr(self.urls, f"{role}_url"), self.world.company.id)

    def client(self, role: str) -> ApiClient:
        """Return an API client of a person at the company's till."""
        company = self.world.company
        return ApiClient(self.app, company.people[role].token, company.terminal_id)


@contextmanager
def _of_company(url: str, company_id: UUID) -> Iterator[psycopg.Connection[Any]]:
    with signed_in(url) as connection:
        as_company(connection, company_id)
        yield connection


@pytest.fixture(scope="session")
def store(server: TestServer) -> Iterator[Store]:
    """Both companies filled; the first with discounts, approvals, store credit and seals besides."""
    with server.clone() as urls:
        engine = create_engine(urls.app_url, pool_size=4)
        made = Store(create_app(server.settings, urls.app_url, bind=engine, testing=True), urls, server.world)
        with made.app.app_context():
            for company in (made.world.company, made.world.other):
                fill(engine, company)
        ring_up_everything(made)
        core = made.app.extensions["lunarfront"]
        assert seal_company(core, made.world.company.id, wait=5).left == 0
        yield made
        engine.dispose()


def fill(engine: Engine, company: CompanyWorld) -> None:
    """Commit a row of everything in a company."""
    with UnitOfWork(engine, company.id) as uow:
        fill_company(context_of(uow, company, company.people["admin"].id, utc_now()), company)
        uow.commit()


def ring_up_everything(store: Store) -> None:
    """A discount with the manager's PIN, its refund as store credit, an adjustment."""
    staff, manager = store.client("staff"), store.client("manager")
    item = manager.get("/variants?q=STR").json["items"][0]["variant_id"]
    account = manager.get("/accounts").json["items"][0]["id"]
    sold = staff.post("/transactions", discounted(item) | {"approval": approval(), "account_id": account})
    assert sold.status_code == 201, sold.json
    line = {"line_id": sold.json["lines"][0]["id"], "qty": "1", "reason_code": "changed_mind"}
    tenders = [{"type": "store_credit", "amount": sold.json["total"]}]
    refund = {"client_uuid": str(uuid4()), "lines": [line], "tenders": tenders}
    back = manager.post(f"/transactions/{sold.json['id']}/refunds", refund)
    assert back.status_code == 201, back.json
    lost = {"reason_code": "lost", "note": "gone", "lines": [{"variant_id": item, "qty": "-1"}]}
    assert manager.post("/stock/adjustments", lost).status_code == 201


def discounted(item: str) -> dict[str, Any]:
    """A sale with 9 % on the line and 9 % on the cart: more than staff may give (scenario 2)."""
    nine = {"type": "percent", "value": "9", "reason_code": "manager"}
    return {
        "client_uuid": str(uuid4()),
        "lines": [{"variant_id": item, "qty": "1", "discounts": [nine]}],
        "discounts": [nine],
        "tenders": [{"type": "cash", "tendered": "20.00"}],
        "complete": True,
    }


def approval(staff_number: str = "0002") -> dict[str, str]:
    """The PIN of somebody; 0002 is the manager, 0003 the staff himself."""
    return {"user": staff_number, "pin": PIN, "reason_code": "manager_approved"}


# --- the application, rolled back after each test -------------------------------------------------------------


@pytest.fixture
def own(app: Flask, connection: Connection, company: CompanyWorld, clock: Clock) -> dict[str, list[UUID]]:
    """A row of everything in the company; ids by table."""
    return filled(connection, company, clock())


@pytest.fixture
def browse(app: Flask, company: CompanyWorld) -> Callable[[str], FlaskClient]:
    """``browse("staff")``: a browser in which a person of that role has signed in by the form."""

    def make(role: str) -> FlaskClient:
        browser = app.test_client()
        form = {
            "email": company.people[role].email,
            "password": PASSWORD,
            "form_token": form_token_of(browser.get("/login").text),
        }
        assert browser.post("/login", data=form, headers=SAME_ORIGIN).status_code == 302
        return browser

    return make


def real_path(rule: str, own: dict[str, list[UUID]]) -> str:
    """The path of a rule with ids of rows that exist."""
    for parameter in PARAMETER.findall(rule):
        rule = rule.replace(f"<uuid:{parameter}>", str(own[table_of(parameter, rule, own)][-1]))
    return rule.replace("<int:line_no>", "1")


def body_schema(view: Any) -> ma.Schema | None:
    """The schema of a route's JSON body, if it has one."""
    return _schema(view, "json")


def query_schema(view: Any) -> ma.Schema | None:
    """The schema of a route's query string, if it has one."""
    return _schema(view, "query")


def _schema(view: Any, place: str) -> ma.Schema | None:
    for parameter in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", []):
        if isinstance(parameter, dict) and parameter.get("in") == place:
            schema = parameter["schema"]
            return schema() if isinstance(schema, type) else schema
    return None
