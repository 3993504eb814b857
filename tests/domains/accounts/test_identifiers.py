"""Identity papers (ACT-11, SEC-44, SEC-63)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lunarfront.domains.accounts.service.identifiers import delete_due_identifiers, keep_papers
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Maker = Callable[..., dict[str, Any]]
PASSPORT = {"kind": "passport", "number": " XK1234567 ", "issuer": "GB", "expires_on": "2030-01-31"}


@pytest.fixture
def papers(account: Maker, member: Maker) -> str:
    person = member(account(), "Ada")
    return f"/members/{person['id']}/identifiers"


def acts(ctx: CompanyContext) -> list[str]:
    rows = ctx.uow.query("SELECT action FROM audit_log WHERE action LIKE 'account.identity.%%' ORDER BY id")
    return [row.action.rsplit(".", 1)[1] for row in rows]


def test_act_11_the_list_shows_kind_and_last_four_only(
    client: ApiClient, ctx: CompanyContext, papers: str
) -> None:
    made = client.post(papers, PASSPORT)
    assert (made.status_code, made.json["last4"]) == (201, "4567")
    assert "number" not in made.json
    listed = client.get(papers).json["items"]
    assert [set(row) for row in listed] == [{"id", "created_at", "version", "kind", "last4"}]
    seen = client.get(f"{papers}/{made.json['id']}").json
    assert (seen["number"], seen["issuer"], seen["expires_on"]) == ("XK1234567", "GB", "2030-01-31")
    assert acts(ctx) == ["added", "listed", "viewed"]


def test_sec_44_the_number_is_sealed_in_the_database(
    client: ApiClient, ctx: CompanyContext, papers: str
) -> None:
    client.post(papers, PASSPORT)
    row = ctx.uow.query("SELECT number_encrypted, to_jsonb(i)::text AS row FROM member_identifier i")[0]
    assert b"1234567" not in bytes(row.number_encrypted)
    assert "XK1234567" not in row.row
    trail = " ".join(str(row.new) for row in ctx.uow.query("SELECT new FROM audit_log"))
    assert "4567" not in trail


def test_sec_44_the_same_number_is_sealed_anew(client: ApiClient, ctx: CompanyContext, papers: str) -> None:
    client.post(papers, PASSPORT)
    client.post(papers, PASSPORT)
    sealed = {
        bytes(row.number_encrypted) for row in ctx.uow.query("SELECT number_encrypted FROM member_identifier")
    }
    assert len(sealed) == 2


def test_act_11_change_and_delete(client: ApiClient, ctx: CompanyContext, papers: str) -> None:
    one = f"{papers}/{client.post(papers, PASSPORT).json['id']}"
    changed = client.patch(one, {"number": "AB99887766", "issuer": None}, 1)
    assert (changed.json["last4"], changed.json["issuer"], changed.json["version"]) == ("7766", None, 2)
    assert client.get(one).json["number"] == "AB99887766"
    assert client.delete(one, 1).status_code == 412
    assert client.delete(one, 2).status_code == 204
    assert client.get(one).status_code == 404
    assert acts(ctx) == ["added", "changed", "viewed", "deleted"]


def test_act_11_deleted_by_job_ninety_days_after(
    client: ApiClient, ctx: CompanyContext, clock: Any, papers: str
) -> None:
    client.post(papers, PASSPORT)
    ctx.now = clock.now + timedelta(days=90)
    assert delete_due_identifiers(ctx) == 0
    keep_papers(ctx, UUID(papers.split("/")[2]))
    ctx.now = clock.now + timedelta(days=91)
    assert delete_due_identifiers(ctx) == 0
    ctx.now = clock.now + timedelta(days=181)
    assert delete_due_identifiers(ctx) == 1
    ctx.uow.flush()
    assert client.get(papers).json["items"] == []
    assert acts(ctx) == ["added", "deleted", "listed"]


@pytest.mark.parametrize("role", ["staff", "technician", "viewer"])
def test_act_11_papers_need_their_own_right(
    client: ApiClient, as_user: Callable[..., ApiClient], papers: str, role: str
) -> None:
    one = f"{papers}/{client.post(papers, PASSPORT).json['id']}"
    person = as_user(role)
    answers = [
        person.get(papers),
        person.post(papers, PASSPORT),
        person.get(one),
        person.patch(one, {"issuer": "x"}, 1),
        person.delete(one, 1),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert as_user("manager").get(one).status_code == 200


def test_sec_63_papers_are_not_found_by_search(client: ApiClient, papers: str) -> None:
    client.post(papers, PASSPORT)
    for text in ("XK1234567", "1234567", "4567"):
        assert client.get(f"/accounts?q={text}").json["items"] == []


def test_usr_02_papers_of_another_company_do_not_exist(
    client: ApiClient, as_user: Callable[..., ApiClient], other_company: CompanyWorld, papers: str
) -> None:
    one = f"{papers}/{client.post(papers, PASSPORT).json['id']}"
    stranger = as_user("admin", of=other_company)
    answers = [
        stranger.get(papers),
        stranger.post(papers, PASSPORT),
        stranger.get(one),
        stranger.patch(one, {"issuer": "x"}, 1),
        stranger.delete(one, 1),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"kind": "passport"}, "number", "validation_failed"),
        ({"kind": "library", "number": "12345"}, "kind", "validation_failed"),
        ({"kind": "other", "number": "123"}, "number", "validation_failed"),
        ({"kind": "other", "number": "1" * 61}, "number", "text_too_long"),
        ({"kind": "other", "number": "12\x0045"}, "number", "text_invalid"),
        ({"kind": "other", "number": 12345}, "number", "validation_failed"),
        ({"kind": "other", "number": "12345", "x": 1}, "x", "unknown_field"),
    ],
)
def test_act_11_bad_papers_are_refused(
    client: ApiClient, papers: str, body: dict[str, Any], field: str, code: str
) -> None:
    answer = client.post(papers, body)
    found = {error["field"]: error["code"] for error in answer.json["errors"]}
    assert (answer.status_code, found.get(field)) == (422, code)
