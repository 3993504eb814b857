"""No request sets what it must not: unknown fields are refused by every schema (SEC-32, threat 10)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import marshmallow as ma
import pytest
from flask import Flask
from sqlalchemy import Connection

from lunarfront.kernel.ids import uuid7
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld
from tests.api.test_other_company import fingerprint, minimal
from tests.security.conftest import UNSAFE, body_schema, query_schema, real_path

#: What a client never loads, whatever the table.
NEVER = (
    "company_id",
    "id",
    "version",
    "created_at",
    "updated_at",
    "created_by",
    "migrated_at",
    "xact_id",
    "password_hash",
    "pin_hash",
    "is_system",
    "balance",
    "qty_on_hand",
    "pool_value",
    "number",
    "total",
    "business_date",
    "__class__",
    "__proto__",
)
#: Schemas in which a word of the list is a field of its own.
OWN_FIELDS = {"IdentifierIn": {"number"}, "IdentifierFields": {"number"}}


def inputs(app: Flask, own: dict[str, list[UUID]]) -> Iterator[tuple[str, str, ma.Schema]]:
    """Method, path and schema of each route that takes a JSON body."""
    for rule in app.url_map.iter_rules():
        schema = body_schema(app.view_functions[rule.endpoint])
        if schema is not None:
            for method in sorted(UNSAFE & (rule.methods or set())):
                yield method, real_path(rule.rule, own), schema


def nested(schema: ma.Schema) -> Iterator[tuple[str, bool, ma.Schema]]:
    """Name, whether a list, and schema of each object inside a body."""
    for name, field in schema.load_fields.items():
        inner = field.inner if isinstance(field, ma.fields.List) else field
        if isinstance(inner, ma.fields.Nested):
            yield field.data_key or name, inner is not field, inner.schema


def every_schema(schema: ma.Schema) -> Iterator[ma.Schema]:
    yield schema
    for _, _, inner in nested(schema):
        yield from every_schema(inner)


def test_sec_32_no_input_loads_what_the_server_decides(app: Flask, own: dict[str, list[UUID]]) -> None:
    found = {}
    for _, path, schema in inputs(app, own):
        for each in every_schema(schema):
            names = {field.data_key or name for name, field in each.load_fields.items()}
            wrong = names & set(NEVER) - OWN_FIELDS.get(type(each).__name__, set())
            if wrong:
                found[path, type(each).__name__] = wrong
            assert each.unknown == ma.RAISE, f"{type(each).__name__} takes unknown fields"
    assert found == {}


def test_sec_32_threat_10_every_route_refuses_unknown_fields(
    app: Flask, client: ApiClient, connection: Connection, company: CompanyWorld, own: dict[str, list[UUID]]
) -> None:
    before = fingerprint(connection, company.id)
    wrong, tried = [], 0
    for method, path, schema in inputs(app, own):
        for name in ("company_id", "__proto__", "surprise"):
            answer = client.call(method, path, minimal(schema) | {name: str(uuid4())}, If_Match='"1"')
            tried += 1
            if answer.status_code == 422 and _names(answer.json, name):
                continue
            wrong.append((method, path, name, answer.status_code, answer.get_data(as_text=True)[:160]))
    assert wrong == []
    assert tried > 200
    assert fingerprint(connection, company.id) == before


def test_sec_32_threat_10_objects_inside_bodies_are_as_strict(
    app: Flask, client: ApiClient, own: dict[str, list[UUID]]
) -> None:
    wrong, tried = [], 0
    for method, path, schema in inputs(app, own):
        for name, is_list, inner in nested(schema):
            value: Any = minimal(inner) | {"surprise": 1}
            answer = client.call(
                method, path, minimal(schema) | {name: [value] if is_list else value}, If_Match='"1"'
            )
            tried += 1
            field = f"{name}[0].surprise" if is_list else f"{name}.surprise"
            if not (answer.status_code == 422 and _names(answer.json, field)):
                wrong.append((method, path, field, answer.status_code, answer.get_data(as_text=True)[:160]))
    assert wrong == []
    assert tried > 15


def test_sec_32_lists_refuse_unknown_parameters(
    app: Flask, client: ApiClient, own: dict[str, list[UUID]]
) -> None:
    wrong = []
    for rule in app.url_map.iter_rules():
        query = query_schema(app.view_functions[rule.endpoint])
        if query is None:
            continue
        for method in {"GET", *UNSAFE} & (rule.methods or set()):
            answer = client.call(method, real_path(rule.rule, own) + "?company_id=x", If_Match='"1"')
            if answer.status_code != 422 or not _names(answer.json, "company_id"):
                wrong.append((method, rule.rule, answer.status_code, answer.text[:200]))
    assert wrong == []


def _names(problem: dict[str, Any], field: str) -> bool:
    """Whether a refusal names this field as unknown."""
    errors = {(error["field"], error["code"]) for error in problem.get("errors", [])}
    return (field, "unknown_field") in errors


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/users/{app_user}", {"password_hash": "x"}),
        ("/users/{app_user}", {"failed_logins": 0}),
        ("/accounts/{account}", {"balance": "0.00"}),
        ("/products/{product}", {"archived_at": None}),
        ("/variants/{product_variant}", {"qty_on_hand": "100"}),
        ("/companies/current", {"catalog_version": 1}),
        ("/companies/current", {"is_demo": True}),
        ("/transactions/{transaction}", {"total": "0.01"}),
        ("/transactions/{transaction}", {"status": "completed"}),
        ("/transactions/{transaction}", {"user_id": str(uuid7())}),
    ],
)
def test_sec_32_what_was_decided_stays(
    client: ApiClient, own: dict[str, list[UUID]], path: str, change: dict[str, Any]
) -> None:
    url = path.format(**{name: rows[-1] for name, rows in own.items() if rows})
    answer = client.call("PATCH", url, change, If_Match='"1"')
    assert (answer.status_code, answer.json["code"]) == (422, "unknown_field"), answer.json


def test_threat_10_prices_and_sellers_of_a_sale_are_the_servers(
    client: ApiClient, own: dict[str, list[UUID]]
) -> None:
    line = {"variant_id": str(own["product_variant"][0])}
    for name, value in (
        ("net", "0.01"),
        ("tax", "0"),
        ("list_price", "0.01"),
        ("cost_value", "0"),
        ("total", "0"),
    ):
        body = {"client_uuid": str(uuid4()), "lines": [line | {name: value}], "complete": True}
        answer = client.post("/transactions", body)
        assert (answer.status_code, answer.json["code"]) == (422, "unknown_field"), name
    for name in ("status", "user_id", "number", "tax_total", "business_date", "approved_by"):
        answer = client.post("/transactions", {"client_uuid": str(uuid4()), "lines": [line], name: "x"})
        assert (answer.status_code, answer.json["code"]) == (422, "unknown_field"), name
