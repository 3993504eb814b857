"""Random requests over the OpenAPI description in three roles: no 5xx, listed codes only (SEC-80, threats 10, 14)."""

import re
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from sqlalchemy import Connection

from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problem_codes import CODES_BY_STATUS
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.world import CompanyWorld
from tests.api.ids import filled, table_of

#: Random walks must not end the sign-in that they run with.
LEFT_OUT = ("/api/v1/auth/logout", "/api/v1/auth/sessions/{session_id}", "/api/v1/auth/api-tokens/{token_id}")


def described(path: str) -> str:
    for kind in ("uuid", "int", "string", "path"):
        path = path.replace(f"<{kind}:", "{")
    return path.replace("<", "{").replace(">", "}")


def test_openapi_describes_every_api_route(app: Flask, client: ApiClient) -> None:
    known = set(client.get("/openapi.json").json["paths"])
    routes = {described(r.rule) for r in app.url_map.iter_rules() if r.rule.startswith("/api/v1/")}
    assert routes - known == {"/api/v1/openapi.json"}


@pytest.mark.parametrize("role", ["admin", "staff", "viewer"])
def test_sec_80_random_requests_never_fail_on_our_side(
    app: Flask, connection: Connection, company: CompanyWorld, clock: Clock, role: str
) -> None:
    ids = filled(connection, company, clock())
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    headers = {
        "Authorization": f"Bearer {company.people[role].token}",
        "X-Terminal-Id": str(company.terminal_id),
    }
    wrong: list[Any] = []
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in LEFT_OUT:
            continue
        wrong += _try(app, operation, headers, ids)
        count += 1
    assert wrong == []
    assert count > 120


def real_path(path: str, ids: dict[str, list[UUID]]) -> str:
    """The path with ids of rows that exist, so that the walk gets past the 404."""
    for parameter in re.findall(r"{(\w+_id)}", path):
        path = path.replace(f"{{{parameter}}}", str(ids[table_of(parameter, path, ids)][-1]))
    return path.replace("{line_no}", "1").replace("{kind}", "products")


def _try(app: Flask, operation: Any, headers: dict[str, str], ids: dict[str, list[UUID]]) -> list[Any]:
    wrong: list[Any] = []
    client = app.test_client()
    path = real_path(operation.path, ids)

    @given(case=operation.as_strategy())
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Case) -> None:
        wrong.extend(_call(client, case, path, headers))

    run()
    return wrong[:1]


def _call(client: Any, case: Case, path: str, headers: dict[str, str]) -> list[Any]:
    sent = {k: v for k, v in dict(case.headers or {}).items() if k.lower() in ("if-match",)} | headers
    sent["Idempotency-Key"] = uuid7().hex
    body = case.body if isinstance(case.body, dict | list | str | int | bool) or case.body is None else None
    response = client.open(
        path, method=case.method, query_string=dict(case.query or {}), json=body, headers=sent
    )
    problem = response.get_json(silent=True) if response.status_code >= 400 else None
    listed = problem is None or problem.get("code") in CODES_BY_STATUS.get(response.status_code, ())
    if response.status_code >= 500 or not listed:
        return [
            (case.method, case.formatted_path, dict(case.query or {}), body, response.status_code, problem)
        ]
    return []
