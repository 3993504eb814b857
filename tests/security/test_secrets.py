"""Planted secrets are found nowhere: not in logs, errors, audit rows, queue or tables (SEC-34, SEC-41, threat 26)."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import structlog
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from lunarfront.kernel.db import db
from lunarfront.kernel.logs import configure_logging
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.world import PASSWORD, PIN, CompanyWorld
from tests.security.conftest import SAME_ORIGIN, approval, discounted
from tests.web.conftest import form_token_of

#: Typed by people; none of them may be written down anywhere.
WRONG_PASSWORD, NEW_PASSWORD, WRONG_PIN, NEW_PIN = (
    "cello-7f3a-planted",
    "oboe-91bd-planted",
    "86420975",
    "97531864",
)
CARD = "4242 4242 4242 4242"


@pytest.fixture
def written(server: TestServer) -> Iterator[Callable[[], str]]:
    """Everything that is logged, at the level that says most."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logging(replace(server.settings, log="json", log_level="debug"), stream)
    yield stream.getvalue
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def secrets(app: Flask, client: ApiClient, company: CompanyWorld, own: dict[str, Any]) -> dict[str, str]:
    """A day of people who type secrets, rightly and wrongly, by form, API and till; every secret by name."""
    planted = {
        "password": PASSWORD,
        "wrong password": WRONG_PASSWORD,
        "new password": NEW_PASSWORD,
        "wrong PIN": WRONG_PIN,
        "new PIN": NEW_PIN,
        "token of the administrator": company.people["admin"].token,
    }
    planted |= _by_form(app, company) | _by_api(app, client, company) | _at_the_till(client, company, own)
    return planted


def _by_form(app: Flask, company: CompanyWorld) -> dict[str, str]:
    browser = app.test_client()
    for password in (WRONG_PASSWORD, PASSWORD):
        token = form_token_of(browser.get("/login").text)
        form = {
            "email": company.people["manager"].email,
            "password": password,
            "form_token": token,
            "next": "/",
        }
        browser.post("/login", data=form, headers=SAME_ORIGIN)
    cookie = next(c for c in browser._cookies.values() if c.key == "lf_session")
    assert browser.get("/orders").status_code == 200
    return {"form token": token, "session cookie": cookie.value}


def _by_api(app: Flask, client: ApiClient, company: CompanyWorld) -> dict[str, str]:
    nobody, staff = ApiClient(app, None), company.people["staff"]
    nobody.post("/auth/login", {"email": staff.email, "password": WRONG_PASSWORD})
    pair = nobody.post("/auth/login", {"email": staff.email, "password": PASSWORD}).json
    again = nobody.post("/auth/refresh", {"refresh_token": pair["refresh_token"]}).json
    person = ApiClient(app, again["access_token"])
    assert person.post("/auth/pin", {"password": PASSWORD, "pin": NEW_PIN}).status_code == 204
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert person.post("/auth/password", change).status_code == 204
    nobody.post("/auth/password-reset", {"email": staff.email})
    nobody.post("/auth/password-reset/confirm", {"token": "lp_" + "x" * 60, "new_password": NEW_PASSWORD})
    made = client.post("/auth/api-tokens", {"name": "till", "expires_at": "2030-01-01T00:00:00Z"})
    assert made.status_code == 201, made.json
    return {
        "access token": again["access_token"],
        "first access token": pair["access_token"],
        "refresh token": again["refresh_token"],
        "used refresh token": pair["refresh_token"],
        "api token": made.json["token"],
    }


def _at_the_till(client: ApiClient, company: CompanyWorld, own: dict[str, Any]) -> dict[str, str]:
    paired = client.post(f"/terminals/{company.terminal_id}/pair").json
    badge = client.post(f"/users/{company.people['staff'].id}/badge").json
    nobody = ApiClient(client._client.application, None)
    switch = {"device_key": paired["device_key"], "staff_number": "0003"}
    nobody.post("/auth/pin-switch", switch | {"pin": WRONG_PIN})
    nobody.post("/auth/pin-switch", switch | {"pin": NEW_PIN})
    nobody.post("/auth/pin-switch", {"device_key": paired["device_key"], "badge": badge["badge"]})
    item = str(own["product_variant"][0])
    client.post("/transactions", discounted(item) | {"approval": approval() | {"pin": WRONG_PIN}})
    client.post("/transactions", discounted(item) | {"approval": approval()})
    return {"device key": paired["device_key"], "badge": badge["badge"]}


def found_in(text: str, planted: dict[str, str]) -> list[str]:
    return [name for name, secret in planted.items() if secret in text or json.dumps(secret)[1:-1] in text]


def test_sec_41_threat_26_logs_hold_no_secret(written: Callable[[], str], secrets: dict[str, str]) -> None:
    text = written()
    assert text.count('"event": "request"') > 15
    assert found_in(text, secrets) == []


def test_aud_02_threat_26_tables_hold_no_secret(
    written: Callable[[], str], secrets: dict[str, str], connection: Connection, company: CompanyWorld
) -> None:
    """Audit, field history, queue, stored answers and all others: secrets are kept as hashes, or sealed."""
    connection.exec_driver_sql("SELECT set_config('app.company_id', %(c)s, true)", {"c": str(company.id)})
    found = {}
    for table in db.metadata.tables.values():
        rows = connection.exec_driver_sql(f'SELECT t::text FROM "{table.name}" t').scalars()
        names = found_in("\n".join(rows), secrets)
        if names:
            found[table.name] = names
    assert found == {}


@pytest.mark.parametrize("path", ["/api/v1/accounts", "/customers"])
def test_sec_34_threat_26_our_own_faults_tell_no_secret(
    app: Flask,
    written: Callable[[], str],
    company: CompanyWorld,
    browse: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    browser = browse("admin")

    def broken(*_: Any, **__: Any) -> None:
        statement = "SELECT * FROM account WHERE card = %(card)s"
        cause = Exception(
            f"connection to postgresql://lf_app:{WRONG_PASSWORD}@db/shop lost, password={NEW_PASSWORD}"
        )
        raise OperationalError(statement, {"card": CARD, "token": company.people["admin"].token}, cause)

    monkeypatch.setitem(app.view_functions, app.url_map.bind("localhost").match(path)[0], broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = browser.get(path)
    planted = {
        "card": CARD,
        "password": WRONG_PASSWORD,
        "assigned": NEW_PASSWORD,
        "token": company.people["admin"].token,
    }
    assert answer.status_code in (500, 503)
    for word in ("SELECT", "postgresql", "lf_app", "Traceback", "psycopg"):
        assert word not in answer.text
    assert found_in(answer.text, planted) == []
    assert found_in(written(), planted) == []


def test_sec_41_refusals_do_not_repeat_what_was_typed(
    client: ApiClient, app: Flask, company: CompanyWorld
) -> None:
    nobody = ApiClient(app, None)
    answers = [
        nobody.post("/auth/login", {"email": company.people["staff"].email, "password": WRONG_PASSWORD}),
        nobody.post("/auth/login", {"email": company.people["staff"].email, "password": [WRONG_PASSWORD]}),
        client.post("/auth/pin", {"password": WRONG_PASSWORD, "pin": WRONG_PIN}),
        client.post("/auth/pin", {"password": PASSWORD, "pin": WRONG_PIN + "x"}),
        client.post(f"/users/{company.people['staff'].id}/pin", {"pin": [WRONG_PIN]}),
        client.get("/accounts", Authorization=f"Bearer lf_{WRONG_PASSWORD}"),
        nobody.post("/auth/refresh", {"refresh_token": WRONG_PASSWORD}),
        client.post(
            "/transactions", {"client_uuid": str(uuid4()), "approval": {"user": "1", "pin": {"x": WRONG_PIN}}}
        ),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        assert WRONG_PASSWORD not in answer.text
        assert WRONG_PIN not in answer.text


def test_aud_02_answers_never_carry_hashes(client: ApiClient, company: CompanyWorld) -> None:
    answers = [
        client.get(path).text
        for path in (f"/users/{company.people['staff'].id}", "/users", "/auth/me", "/auth/api-tokens", "/auth/sessions",
                     "/terminals", "/audit", "/change-log")
    ]  # fmt: skip
    for text in answers:
        for word in ("_hash", "argon2", "password", "badge_", PIN):
            assert f'"{word}' not in text
        assert "$argon2" not in text
