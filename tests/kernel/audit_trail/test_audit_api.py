"""Reading the trail: filters, pages, export, proof, field history (AUD-05, AUD-07)."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.csv_cells import read_cell, write_cell
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.records import ChangeLog
from lunarfront.kernel.seals import seal_company
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import RealDb
from lunarfront.sdk.testing.world import CompanyWorld


@pytest.fixture
def acts(app: Any, ctx: CompanyContext) -> list[UUID]:
    """Four acts in the trail."""
    entity = uuid7()
    ids = [
        audit.record(
            ctx, "pos.discount.applied", "line", entity, new={"amount": Decimal("12.30")}, note="=SUM(A1)"
        ),
        audit.record(ctx, "pos.void", "transaction", None, old={"lines": [{"total": Decimal("7.00")}]}),
        audit.record(ctx, "position.noted", "thing", None, note="nothing to do with the counter"),
        audit.record(ctx, "drawer.opened", "drawer", None, note="100% sure"),
    ]
    ctx.uow.commit()
    return ids


def actions(client: ApiClient, query: str = "") -> list[str]:
    answer = client.get(f"/audit?{query}")
    assert answer.status_code == 200, answer.text
    return [item["action"] for item in answer.get_json()["items"]]


def test_aud_05_newest_first_with_what_happened(
    client: ApiClient, acts: list[UUID], company: CompanyWorld
) -> None:
    items = client.get("/audit").get_json()["items"]
    assert [item["id"] for item in items[:4]] == [str(act) for act in reversed(acts)]
    first = items[3]
    assert first["seq"] is None
    assert (first["new"], first["actor"]) == ({"amount": "12.30"}, company.people["admin"].email)
    assert first["location_id"] == str(company.location_id)
    assert first["occurred_at"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter[action]=pos", ["pos.void", "pos.discount.applied"]),
        ("filter[action]=pos.void", ["pos.void"]),
        ("filter[entity_type]=drawer", ["drawer.opened"]),
        ("filter[amount]=12.30", ["pos.discount.applied"]),
        ("filter[amount]=7", ["pos.void"]),
        ("filter[amount]=1.00", []),
        ("filter[actor]=nobody", []),
        ("q=100%25", ["drawer.opened"]),
        ("filter[from]=2999-01-01T00:00:00Z", []),
        ("filter[to]=2000-01-01T00:00:00Z", []),
    ],
)
def test_aud_05_filters(client: ApiClient, acts: list[UUID], query: str, expected: list[str]) -> None:
    assert actions(client, query) == expected


def test_aud_05_filter_by_ids(client: ApiClient, acts: list[UUID], company: CompanyWorld) -> None:
    admin = company.people["admin"].id
    assert len(actions(client, f"filter[user_id]={admin}&filter[location_id]={company.location_id}")) >= 4
    assert actions(client, f"filter[entity_id]={uuid7()}") == []


def test_pages_follow_each_other(client: ApiClient, acts: list[UUID]) -> None:
    first = client.get("/audit?limit=2&total=true").get_json()
    second = client.get(f"/audit?limit=2&cursor={first['next_cursor']}").get_json()
    assert [item["id"] for item in first["items"] + second["items"]] == [str(act) for act in reversed(acts)]
    assert first["total"] >= 4
    upward = client.get("/audit?sort=id&limit=2").get_json()
    assert client.get(f"/audit?sort=id&limit=2&cursor={upward['next_cursor']}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "filter[amount]=1e3", "filter[from]=yesterday", "filter[entity_id]=1", "unknown=1", "filter[action]=a%00b",
        "limit=0", "sort=note", "cursor=xx", "filter[actor]=" + "x" * 500,
        # a cursor of the right shape with a position that is no id
        "cursor=WyItaWQiLCAibm9uc2Vuc2UiLCAiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAxIl0=",
    ],
)  # fmt: skip
def test_bad_queries_are_refused(client: ApiClient, query: str) -> None:
    assert client.get(f"/audit?{query}").status_code == 422


@pytest.mark.parametrize("path", ["/audit", "/audit/verify", "/audit/export.csv", "/change-log"])
@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("viewer", 200), ("staff", 403), ("technician", 403)]
)
def test_aud_05_rights(as_user: Callable[..., ApiClient], path: str, role: str, status: int) -> None:
    assert as_user(role).get(path).status_code == status


def test_gen_02_the_other_company_sees_nothing(
    as_user: Callable[..., ApiClient], acts: list[UUID], other_company: CompanyWorld
) -> None:
    theirs = as_user("admin", other_company)
    assert not {item["id"] for item in theirs.get("/audit").get_json()["items"]} & {str(act) for act in acts}
    assert "pos.discount.applied" not in theirs.get("/audit/export.csv").text


def exported(client: ApiClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/audit/export.csv?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_aud_05_export_is_whole_and_in_order(client: ApiClient, acts: list[UUID]) -> None:
    rows = [row for row in exported(client) if row["id"] in {str(act) for act in acts}]
    assert [row["id"] for row in rows] == [str(act) for act in acts]
    assert rows[0]["new"] == '{"amount": "12.30"}'


def test_sec_52_no_cell_becomes_a_formula(client: ApiClient, acts: list[UUID]) -> None:
    assert exported(client, "filter[action]=pos.discount.applied")[0]["note"] == "'=SUM(A1)"


def test_aud_05_taking_an_export_is_recorded(client: ApiClient, acts: list[UUID]) -> None:
    exported(client, "filter[entity_type]=drawer")
    newest = client.get("/audit?limit=1").get_json()["items"][0]
    assert newest["action"] == "audit.exported"
    assert newest["new"] == {"rows": 1, "filter": {"entity_type": "drawer"}}


@given(st.text())
def test_sec_52_round_trip_is_exact(text: str) -> None:
    assert read_cell(write_cell(text)) == text


@given(st.text())
def test_sec_52_written_text_never_starts_like_a_formula(text: str) -> None:
    assert write_cell(text)[:1] not in tuple("=+-@\t\r")


def test_sec_52_our_own_numbers_stay_numbers() -> None:
    assert [write_cell(value) for value in (Decimal("-1.50"), -3, True, None)] == ["-1.50", "-3", "true", ""]


@pytest.mark.realdb
def test_aud_04_numbers_and_proof_over_the_api(realdb: RealDb) -> None:
    core: Core = realdb.app.extensions["lunarfront"]
    client, company_id = realdb.client(), realdb.world.company.id
    exported(client)
    found = client.get("/audit/verify").get_json()
    assert found["ok"] is True
    chains = {chain["kind"]: chain for chain in found["chains"]}
    assert set(chains) == {"audit", "journal"}
    assert chains["audit"]["head"].startswith("1:")
    seal_company(core, company_id)
    assert [item["seq"] for item in client.get("/audit").get_json()["items"]] == [1]


def change(ctx: CompanyContext, field: str, row_id: UUID, **more: Any) -> None:
    user_id = ctx.require_user().id
    ctx.uow.add(
        ChangeLog,
        table_name="account",
        row_id=row_id,
        field=field,
        old="a",
        new=["b"],
        user_id=user_id,
        **more,
    )


def test_aud_07_field_history_is_read_with_filters(client: ApiClient, ctx: CompanyContext) -> None:
    row_id = uuid7()
    change(ctx, "email", row_id)
    change(ctx, "phone", row_id)
    change(ctx, "phone", uuid7())
    ctx.uow.commit()
    items = client.get(f"/change-log?filter[table]=account&filter[row_id]={row_id}").get_json()["items"]
    assert [(item["field"], item["old"], item["new"], item["table"]) for item in items] == [
        ("phone", "a", ["b"], "account"), ("email", "a", ["b"], "account"),
    ]  # fmt: skip
    assert client.get("/change-log?filter[table]=invoice").get_json()["items"] == []
    assert len(client.get("/change-log?q=phone").get_json()["items"]) == 2
    assert client.get("/change-log?filter[row_id]=x").status_code == 422
