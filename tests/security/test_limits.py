"""Requests that are too large, too deep or too clever cost nothing and change nothing (SEC-32, threat 25)."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from lunarfront.kernel.api.parser import MAX_DEPTH
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.requests import MAX_BODY
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld
from tests.api.test_other_company import fingerprint
from tests.security.conftest import UNSAFE, query_schema, real_path

#: Routes whose body is a file: the only ones that take more (SEC-32).
FILES = {"/api/v1/imports/products", "/api/v1/imports/suppliers", "/api/v1/imports/opening_stock"}


class Raw:
    """Sends bytes as the administrator."""

    def __init__(self, app: Flask, company: CompanyWorld) -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {
            "Authorization": f"Bearer {company.people['admin'].token}",
            "X-Terminal-Id": str(company.terminal_id),
            "If-Match": '"1"',
        }

    def send(
        self, path: str, data: bytes, method: str = "POST", mimetype: str = "application/json"
    ) -> TestResponse:
        """Send a body as it is."""
        headers = self.headers | {"Idempotency-Key": uuid7().hex}
        target = path if path.startswith("/api/") else f"/api/v1{path}"
        return self.client.open(target, method=method, data=data, content_type=mimetype, headers=headers)


@pytest.fixture
def raw(app: Flask, company: CompanyWorld) -> Raw:
    return Raw(app, company)


def test_sec_32_every_route_refuses_bodies_over_a_mebibyte(
    app: Flask, raw: Raw, connection: Connection, company: CompanyWorld, own: dict[str, list[UUID]]
) -> None:
    before = fingerprint(connection, company.id)
    body = b'{"x": "' + b"a" * MAX_BODY + b'"}'
    wrong, tried = [], 0
    for rule in app.url_map.iter_rules():
        for method in UNSAFE & (rule.methods or set()):
            if rule.rule in FILES:
                continue
            path = real_path(rule.rule, own)
            answer = raw.client.open(
                path, method=method, data=body, content_type="application/json", headers=raw.headers
            )
            tried += 1
            if answer.status_code != 413:
                wrong.append((method, path, answer.status_code))
    assert wrong == []
    assert tried > 90
    assert fingerprint(connection, company.id) == before


def test_sec_32_files_of_imports_may_be_larger_but_end_too(raw: Raw) -> None:
    row = b"sku,name,category,price\n" + b"A" * (2 * MAX_BODY)
    assert raw.send("/imports/products", row, mimetype="text/csv").status_code == 422
    huge = raw.send("/imports/products", b"a" * (10 * MAX_BODY + 1), mimetype="text/csv")
    assert (huge.status_code, huge.get_json()["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("path", "mimetype", "limit"),
    [("accounts", "application/json", 1), ("imports/products?dry_run=1", "text/csv", 10)],
)
def test_sec_32_a_body_without_a_length_is_counted_too(
    raw: Raw, path: str, mimetype: str, limit: int
) -> None:
    """Chunked bodies do not say their length: neither may they be longer, nor may half of one be taken as whole."""
    for size, refused in ((limit * MAX_BODY, False), (limit * MAX_BODY + 1, True)):
        answer = raw.client.open(
            f"/api/v1/{path}", method="POST", input_stream=io.BytesIO(b"a" * size), content_type=mimetype,
            headers=raw.headers | {"Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )  # fmt: skip
        assert (answer.status_code == 413) == refused, (size, answer.text)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_sec_32_deep_json_is_refused(raw: Raw, depth: int, opening: str, closing: str) -> None:
    text = opening * depth + "1" + closing * depth
    answer = raw.send("/transactions/quote", text.encode())
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe", b'{"a": 1}{', b"null x", b'{"a": "\x00"}',
        b"[" * 20, b'"' + b"\\" * 1001, b"9" * 5_000,
    ],
)  # fmt: skip
def test_sec_32_what_is_no_json_is_refused(raw: Raw, body: bytes) -> None:
    answer = raw.send("/transactions/quote", body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.get_json()["code"] in ("bad_request", "validation_failed")


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"true"])
def test_sec_32_a_body_is_an_object(raw: Raw, body: bytes) -> None:
    answer = raw.send("/accounts", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "validation_failed"), answer.text


def test_sec_32_lists_in_bodies_end(client: ApiClient, own: dict[str, list[UUID]]) -> None:
    variant = str(own["product_variant"][0])
    lines = {"lines": [{"variant_id": variant}] * 2001}
    refused = client.post("/transactions/quote", lines)
    assert (refused.status_code, refused.json["code"]) == (422, "too_many_lines")
    tenders = {"tenders": [{"type": "cash", "tendered": "1.00"}] * 21}
    assert client.post("/transactions/quote", tenders).status_code == 422
    counts: Any = {"reason_code": "lost", "note": "x", "lines": [{"variant_id": variant, "qty": "-1"}] * 501}
    assert client.post("/stock/adjustments", counts).status_code == 422


@pytest.mark.parametrize("limit", ["201", "1000000", "0", "-1", "x", "1e3", "99999999999999999999"])
def test_sec_32_page_sizes_end(app: Flask, client: ApiClient, own: dict[str, list[UUID]], limit: str) -> None:
    tried = 0
    for rule in app.url_map.iter_rules():
        query = query_schema(app.view_functions[rule.endpoint])
        if "GET" not in (rule.methods or ()) or query is None or "limit" not in query.load_fields:
            continue
        answer = client.get(f"{real_path(rule.rule, own)}?limit={limit}")
        assert answer.status_code == 422, (rule.rule, answer.status_code)
        tried += 1
    assert tried > 15


@pytest.mark.parametrize("cursor", ["x", "a" * 5_000, "eyJ" * 100, "AAAA", "../..", "%00", "W10", "bnVsbA"])
def test_sec_32_foreign_cursors_are_refused(client: ApiClient, cursor: str) -> None:
    assert client.get(f"/accounts?cursor={cursor}").status_code in (400, 422)


@pytest.mark.parametrize(
    "search", ["(a+)+$" * 30, "a" * 5_000, "%" * 200, "_" * 200, "\\" * 99, "'; DROP TABLE account; --"]
)
def test_sec_07_threat_25_search_takes_any_text(client: ApiClient, search: str) -> None:
    for path in ("/accounts", "/variants", "/products", "/suppliers"):
        answer = client._client.get(f"/api/v1{path}", query_string={"q": search}, headers=client._headers)
        assert answer.status_code in (200, 422), (path, answer.text)


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Idempotency-Key", "short", 400),
        ("Idempotency-Key", "a" * 65, 400),
        ("Idempotency-Key", "with space", 400),
        ("X-Terminal-Id", "not-an-id", 400),
        ("X-Terminal-Id", "a" * 9_000, 400),
        ("Authorization", "Bearer " + "a" * 9_000, 401),
        ("Authorization", "Bearer lf_" + "é" * 10, 401),
        ("X-Request-Id", "<script>" * 9, 201),
    ],
)
def test_sec_32_headers_have_limits(
    client: ApiClient, own: dict[str, list[UUID]], header: str, value: str, status: int
) -> None:
    body = {"client_uuid": str(uuid4()), "lines": []}
    answer = client.call("POST", "/transactions", body, **{header.replace("-", "_"): value})
    assert answer.status_code == status, answer.text
    assert "<" not in answer.headers["X-Request-Id"]


def test_sec_32_numbers_in_paths_and_bodies_end(client: ApiClient, own: dict[str, list[UUID]]) -> None:
    assert client.delete(f"/transactions/{own['transaction'][0]}/lines/{'9' * 40}", 1).status_code in (
        404,
        409,
        422,
    )
    huge = {"lines": [{"variant_id": str(own["product_variant"][0]), "qty": "9" * 400}]}
    answer = client.post("/transactions/quote", huge)
    assert (answer.status_code, answer.json["code"]) == (422, "quantity_invalid")


class Half(io.RawIOBase):
    """A body that ends too early; tells how many statements had run when it was asked for."""

    def __init__(self, statements: list[str]) -> None:
        self.statements = statements
        self.run_before: list[int] = []

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.run_before.append(len(self.statements))
        return 0


@pytest.mark.parametrize(
    "path", ["/api/v1/transactions", "/api/v1/auth/login", "/api/v1/imports/products", "/login"]
)
def test_threat_25_a_body_that_comes_slowly_keeps_no_transaction(
    raw: Raw, count_queries: Callable[[], Any], path: str
) -> None:
    """Whoever never sends the rest holds neither a connection of the pool nor a lock."""
    with count_queries() as statements:
        half = Half(statements)
        answer = raw.client.open(
            path, method="POST", content_type="application/json", headers=raw.headers,
            environ_overrides={"CONTENT_LENGTH": "1000", "wsgi.input": half},
        )  # fmt: skip
        assert answer.status_code == 400, answer.text
        assert half.run_before
        assert set(half.run_before) == {0}
        assert statements == []
