"""Every route with ids of another company answers 404 and changes nothing (USR-02, GEN-02, SEC-09, scenario 16)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import marshmallow as ma
import pytest
from flask import Flask
from sqlalchemy import Connection

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.endpoint import ACCESS
from lunarfront.kernel.db import db
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.world import World
from tests.api.ids import PARAMETER, filled, table_of


def api_routes(app: Flask) -> Iterator[tuple[str, str, Any]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and PARAMETER.search(rule.rule):
            for method in sorted({"GET", "POST", "PATCH", "PUT", "DELETE"} & (rule.methods or set())):
                yield method, rule.rule, app.view_functions[rule.endpoint]


@pytest.fixture
def stranger(app: Flask, connection: Connection, world: World, clock: Clock) -> dict[str, list[UUID]]:
    """Rows in every table of the other company that a path can name; returns their ids by table."""
    return filled(connection, world.other, clock())


def minimal(schema: ma.Schema) -> dict[str, Any]:
    """A body with the required fields only, as simple as the schema allows."""
    return {
        (field.data_key or name): sample(field)
        for name, field in schema.load_fields.items()
        if field.required
    } | BODIES.get(type(schema).__name__, {})


#: What a field of a type is filled with; the first that fits.
SAMPLES: tuple[tuple[type, Any], ...] = (
    (ma.fields.UUID, str(uuid4())),
    (ma.fields.Boolean, True),
    (ma.fields.Integer, 1),
    (ma.fields.Date, "2026-01-01"),
    (ma.fields.Dict, {}),
    (f.Rate, "0.05"),
    (f.ExactDecimal, "1"),
)
#: Bodies that need more than their required fields.
BODIES = {
    "DiscountIn": {"code": "NONE"},
    "DrawerMovementIn": {"amount": "1.00", "reason_code": "other", "note": "x"},
}


def sample(field: ma.fields.Field) -> Any:
    choices = getattr(field, "choices", None)
    if choices and not callable(choices):
        return next(iter(choices))
    if isinstance(field, ma.fields.Nested):
        return minimal(field.schema)
    if isinstance(field, ma.fields.List):
        return [sample(field.inner)]
    return next((value for kind, value in SAMPLES if isinstance(field, kind)), "12345678")


def body_schema(view: Any) -> ma.Schema | None:
    parameters = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    for parameter in parameters:
        if isinstance(parameter, dict) and parameter.get("in") == "json":
            schema = parameter["schema"]
            return schema() if isinstance(schema, type) else schema
    return None


HASH_SQL = (
    "SELECT count(*) AS n, md5(coalesce(string_agg(t::text, '' ORDER BY t.id), '')) AS h FROM \"{table}\" t"
)


def fingerprint(connection: Connection, company_id: UUID) -> dict[str, tuple[int, str]]:
    """Row count and hash of every table of a company."""
    sums = {}
    with UnitOfWork(connection, company_id, join_transaction_mode="create_savepoint") as uow:
        for table in db.metadata.tables.values():
            if "company_id" in table.columns:
                (row,) = uow.query(HASH_SQL.format(table=table.name))
                sums[table.name] = (row.n, row.h)
    return sums


def test_usr_02_other_companys_rows_are_404(
    app: Flask, client: ApiClient, connection: Connection, world: World, stranger: dict[str, list[UUID]]
) -> None:
    before = fingerprint(connection, world.other.id)
    wrong = []
    tried = 0
    for method, path, view in api_routes(app):
        parameters = PARAMETER.findall(path)
        url = path.replace("<int:line_no>", "1")
        for parameter in parameters:
            rows = stranger[table_of(parameter, path, stranger)]
            assert rows, f"fill_company makes no row of {table_of(parameter, path, stranger)} for {path}"
            url = url.replace(f"<uuid:{parameter}>", str(rows[-1]))
        schema = body_schema(view)
        body = minimal(schema) if schema is not None else None
        response = client.call(method, url, body, If_Match='"1"', Idempotency_Key=uuid7().hex)
        tried += 1
        if response.status_code != 404:
            wrong.append((method, path, response.status_code, response.get_data(as_text=True)[:200]))
    assert wrong == []
    assert tried > 60
    assert fingerprint(connection, world.other.id) == before


def test_sec_09_malformed_ids_are_404(app: Flask, client: ApiClient) -> None:
    for method, path, view in api_routes(app):
        if getattr(view, ACCESS).public:
            continue
        url = PARAMETER.sub("not-an-id", path).replace("<int:line_no>", "1")
        assert client.call(method, url, {}, If_Match='"1"').status_code == 404, url


def test_usr_02_other_companys_ids_inside_bodies_are_404(
    app: Flask, client: ApiClient, connection: Connection, world: World, stranger: dict[str, list[UUID]]
) -> None:
    before = fingerprint(connection, world.other.id)
    variant, account, category = (str(stranger[t][0]) for t in ("product_variant", "account", "category"))
    sale = {"client_uuid": str(uuid4()), "lines": [{"variant_id": variant}], "complete": True}
    adjustment = {"reason_code": "lost", "lines": [{"variant_id": variant, "qty": "-1"}]}
    product = {"name": "Thing", "category_id": category, "variants": [{"sku": "X", "price": "1.00"}]}
    for path, body in (
        ("/transactions", sale),
        ("/transactions/quote", {"lines": [{"variant_id": variant}]}),
        ("/transactions/quote", {"account_id": account}),
        ("/stock/adjustments", adjustment),
        ("/products", product),
        (
            "/tax/rules",
            {"location_id": str(world.other.location_id), "tax_category": "food", "component_codes": []},
        ),
    ):
        response = client.post(path, body)
        assert response.status_code == 404, (path, response.json)
    assert fingerprint(connection, world.other.id) == before


def test_sec_09_another_companys_terminal_is_no_terminal(
    client: ApiClient, world: World, stranger: dict[str, list[UUID]]
) -> None:
    response = client.post("/transactions/quote", {"lines": []}, X_Terminal_Id=str(world.other.terminal_id))
    assert (response.status_code, response.json["code"]) == (422, "validation_failed")
