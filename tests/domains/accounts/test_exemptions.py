"""Tax exemptions: pending, approved, revoked, expired (TAX-09, TAX-13)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lunarfront.domains.accounts.queries import account_for_sale
from lunarfront.domains.accounts.service.exemptions import expire_exemptions
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Maker = Callable[..., dict[str, Any]]
FULL = {"certificate_number": "IL-77", "valid_to": "2026-12-31"}


@pytest.fixture(autouse=True)
def november(clock: Any, ctx: CompanyContext) -> None:
    clock.now = ctx.now = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.fixture
def certificate(client: ApiClient, account: Maker) -> Maker:
    def make(of: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        home = of or account()
        answer = client.post(f"/accounts/{home['id']}/exemptions", FULL | fields)
        assert answer.status_code == 201, answer.json
        return answer.json

    return make


def approve(client: ApiClient, exemption: dict[str, Any], **body: Any) -> Any:
    return client.post(f"/exemptions/{exemption['id']}/approve", body)


def one(exemption: dict[str, Any]) -> str:
    return f"/accounts/{exemption['account_id']}/exemptions/{exemption['id']}"


def test_tax_13_a_certificate_waits_then_counts(
    client: ApiClient, ctx: CompanyContext, certificate: Maker
) -> None:
    made = certificate(jurisdictions=["IL"], reason_code="school")
    home = UUID(made["account_id"])
    assert (made["status"], made["valid_from"]) == ("pending", "2026-11-24")
    waiting = account_for_sale(ctx, home)
    assert (waiting.exemption, waiting.exemption_notice) == (None, "pending")
    answer = approve(client, made)
    assert (answer.status_code, answer.json["status"]) == (200, "approved")
    used = account_for_sale(ctx, home)
    assert used.exemption is not None
    assert (used.exemption.id, used.exemption.valid_to) == (UUID(made["id"]), date(2026, 12, 31))
    assert (used.exemption.covers("IL"), used.exemption.covers("WI")) == (True, False)
    assert used.exemption_notice is None
    assert client.get(f"/accounts/{made['account_id']}").json["tax_exempt"] is True


def test_tax_13_approving_needs_number_and_last_day(
    client: ApiClient, account: Maker, certificate: Maker
) -> None:
    bare = client.post(f"/accounts/{account()['id']}/exemptions", {}).json
    answer = approve(client, bare)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["certificate_number", "valid_to"]
    assert approve(client, bare, valid_to="2026-11-23").status_code == 422
    assert approve(client, bare, certificate_number="X", valid_to="2026-11-24").status_code == 200


def test_tax_13_the_last_day_may_be_optional(
    client: ApiClient, ctx: CompanyContext, certificate: Maker
) -> None:
    made = certificate(valid_to=None)
    assert approve(client, made).status_code == 422
    ctx.uow.execute('UPDATE company SET settings = settings || \'{"exemption_valid_to": "optional"}\'::jsonb')
    assert approve(client, made).json["valid_to"] is None
    assert account_for_sale(ctx, UUID(made["account_id"])).exemption is not None


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_tax_13_approving_needs_its_right(
    as_user: Callable[..., ApiClient], certificate: Maker, role: str
) -> None:
    made = certificate()
    assert approve(as_user(role), made).status_code == 403
    assert as_user(role).post(f"/exemptions/{made['id']}/revoke", {}).status_code == 403
    assert approve(as_user("manager"), made).status_code == 200


def test_tax_13_moves_of_a_certificate(client: ApiClient, ctx: CompanyContext, certificate: Maker) -> None:
    made = certificate()
    revoke = f"/exemptions/{made['id']}/revoke"
    assert approve(client, made).status_code == 200
    refused = approve(client, made)
    assert (refused.status_code, refused.json["code"]) == (409, "invalid_transition")
    assert (refused.json["state"], refused.json["allowed"]) == ("approved", ["revoked", "expired"])
    assert client.patch(one(made), {"valid_to": "2027-01-01"}, 2).status_code == 409
    assert client.post(revoke, {"note": "forged"}).json["status"] == "revoked"
    assert client.post(revoke, {}).status_code == 409
    assert account_for_sale(ctx, UUID(made["account_id"])).exemption is None
    rows = ctx.uow.query("SELECT action, note FROM audit_log WHERE entity_id = %(id)s ORDER BY id", made)
    assert [(row.action.rsplit(".", 1)[1], row.note) for row in rows] == [
        ("created", None),
        ("approved", None),
        ("revoked", "forged"),
    ]


def test_tax_13_the_nightly_job_sets_expired(
    client: ApiClient, ctx: CompanyContext, certificate: Maker
) -> None:
    made = certificate()
    approve(client, made)
    ctx.now = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert expire_exemptions(ctx) == 0
    ctx.now += timedelta(days=1)
    late = account_for_sale(ctx, UUID(made["account_id"]))
    assert (late.exemption, late.exemption_notice) == (None, "expired")
    assert expire_exemptions(ctx) == 1
    ctx.uow.flush()
    assert account_for_sale(ctx, UUID(made["account_id"])).exemption_notice == "expired"
    listed = client.get("/exemptions?filter[status]=expired").json["items"]
    assert [(row["id"], row["status"]) for row in listed] == [(made["id"], "expired")]
    assert ctx.uow.query("SELECT 1 FROM audit_log WHERE action = 'account.exemption.expired'")


def test_tax_13_an_expired_one_waits_again_with_a_new_certificate(
    client: ApiClient, ctx: CompanyContext, certificate: Maker
) -> None:
    made = certificate()
    approve(client, made)
    ctx.now = datetime(2027, 1, 2, 18, 0, tzinfo=UTC)
    expire_exemptions(ctx)
    version = client.get(one(made)).json["version"]
    assert client.patch(one(made), {"valid_to": "2027-12-31"}, version).status_code == 422
    fresh = client.patch(one(made), {"certificate_number": "IL-78", "valid_to": "2027-12-31"}, version).json
    assert (fresh["status"], fresh["decided_by"], fresh["decided_at"]) == ("pending", None, None)


def test_tax_09_the_widest_certificate_of_today_is_used(
    client: ApiClient, ctx: CompanyContext, account: Maker, certificate: Maker
) -> None:
    ada = account()
    narrow = certificate(ada, jurisdictions=["IL"], valid_to="2030-01-01")
    wide = certificate(ada)
    future = certificate(ada, valid_from="2026-11-25", valid_to="2031-01-01")
    for each in (narrow, wide, future):
        approve(client, each)
    used = account_for_sale(ctx, UUID(ada["id"])).exemption
    assert used is not None
    assert (used.id, used.covers("anything")) == (UUID(wide["id"]), True)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"jurisdictions": ["IL", "XX"]}, "jurisdictions[1]", "validation_failed"),
        ({"jurisdictions": "IL"}, "jurisdictions", "validation_failed"),
        ({"valid_from": "2026-12-01", "valid_to": "2026-11-30"}, "valid_to", "validation_failed"),
        ({"valid_to": "soon"}, "valid_to", "validation_failed"),
        ({"reason_code": "because"}, "reason_code", "reason_required"),
        ({"certificate_number": "x" * 81}, "certificate_number", "text_too_long"),
        ({"certificate_number": "\x1b"}, "certificate_number", "text_invalid"),
        ({"status": "approved"}, "status", "unknown_field"),
    ],
)
def test_tax_13_bad_certificates_are_refused(
    client: ApiClient, account: Maker, body: dict[str, Any], field: str, code: str
) -> None:
    answer = client.post(f"/accounts/{account()['id']}/exemptions", body)
    found = {error["field"]: error["code"] for error in answer.json["errors"]}
    assert (answer.status_code, found.get(field)) == (422, code)


def test_occ_01_certificates_have_versions(client: ApiClient, certificate: Maker) -> None:
    made = certificate()
    assert client.patch(one(made), {"certificate_number": "IL-1"}, 1).json["version"] == 2
    assert client.patch(one(made), {"certificate_number": "IL-2"}, 1).status_code == 412


def test_usr_02_certificates_of_another_company_do_not_exist(
    as_user: Callable[..., ApiClient], other_company: CompanyWorld, certificate: Maker
) -> None:
    made = certificate()
    stranger = as_user("admin", of=other_company)
    assert stranger.get(one(made)).status_code == 404
    assert stranger.patch(one(made), {"valid_to": None}, 1).status_code == 404
    assert approve(stranger, made).status_code == 404
    assert stranger.post(f"/exemptions/{made['id']}/revoke", {}).status_code == 404
    assert stranger.get("/exemptions").json["items"] == []


def test_usr_02_a_certificate_belongs_to_its_account(
    client: ApiClient, account: Maker, certificate: Maker
) -> None:
    made, other = certificate(), account("Else")
    assert client.get(f"/accounts/{other['id']}/exemptions/{made['id']}").status_code == 404
