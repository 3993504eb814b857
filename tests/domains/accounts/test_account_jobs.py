"""Nightly work about customers is scheduled for every company (TAX-13, ACT-11)."""

from datetime import timedelta
from typing import Any

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs.registry import kind_named, schedules
from lunarfront.sdk.testing.client import ApiClient


def run(ctx: CompanyContext, name: str) -> None:
    kind = kind_named(name)
    assert kind is not None
    assert name in schedules()
    kind.handler(ctx, {})
    ctx.uow.flush()


def test_tax_13_certificates_expire_every_night(client: ApiClient, ctx: CompanyContext, account: Any) -> None:
    today = ctx.business_date()
    body = {"certificate_number": "IL-77", "valid_to": today.isoformat()}
    made = client.post(f"/accounts/{account()['id']}/exemptions", body).json
    assert client.post(f"/exemptions/{made['id']}/approve", {}).status_code == 200
    ctx.now += timedelta(days=1)
    run(ctx, "accounts.exemptions.expire")
    path = f"/accounts/{made['account_id']}/exemptions/{made['id']}"
    assert client.get(path).json["status"] == "expired"


def test_sec_63_papers_are_deleted_every_night(
    client: ApiClient, ctx: CompanyContext, account: Any, member: Any
) -> None:
    papers = f"/members/{member(account())['id']}/identifiers"
    client.post(papers, {"kind": "passport", "number": "XK1234567"})
    ctx.now += timedelta(days=92)
    run(ctx, "accounts.identifiers.delete")
    assert client.get(papers).json["items"] == []
