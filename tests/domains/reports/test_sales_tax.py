"""The tax report ties to the tax account, with refunds, voids and exemptions (TAX-12)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.models import Account, TaxExemption
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from tests.domains.sales.test_returns_api import back
from tests.domains.sales.test_sale_api import sale, shop

__all__ = ["shop"]


def report(client: ApiClient, ctx: CompanyContext) -> Any:
    today = ctx.business_date().isoformat()
    return client.get(f"/reports/sales-tax?date_from={today}&date_to={today}").json


def test_tax_12_report_equals_the_movement_of_the_tax_account(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    sold = client.post("/transactions", sale(shop, ("A", "2"), ("B", "1"))).json
    client.post(f"/transactions/{sold['id']}/refunds", back(sold, 0, "1"))
    gone = client.post("/transactions", sale(shop, ("C", "3"))).json
    client.post(f"/transactions/{gone['id']}/void", {"reason_code": "mistake"})
    answer = report(client, ctx)
    (line,) = answer["lines"]
    assert (line["gross"], line["collected"], line["refunded"], line["due"]) == (
        "25.47",
        "1.85",
        "0.73",
        "1.12",
    )
    assert (answer["due"], answer["ledger"], answer["difference"]) == ("1.12", "1.12", "0.00")


def test_tax_12_exempt_sales_stand_under_their_reason(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    account = ctx.uow.add(
        Account,
        account_number="A-9",
        kind="school",
        display_name="School",
        name_sort="school",
        search_text="school",
    )
    ctx.uow.add(
        TaxExemption, account_id=account, status="approved", certificate_number="C-7", reason_code="school",
        valid_from=ctx.business_date(), valid_to=ctx.business_date(),
    )  # fmt: skip
    ctx.uow.commit()
    sold = client.post("/transactions", sale(shop, ("A", "2"), account_id=str(account))).json
    assert (sold["tax_total"], sold["exemption_id"] is not None) == ("0.00", True)
    taxed = client.post(
        "/transactions", sale(shop, ("A", "2"), account_id=str(account), use_exemption=False)
    ).json
    assert taxed["tax_total"] == "1.45"
    answer = report(client, ctx)
    assert answer["exempt_by_reason"] == [{"reason": "school", "amount": "19.98"}]
    assert (answer["lines"][0]["exempt"], answer["due"], answer["difference"]) == ("19.98", "1.45", "0.00")


def test_tax_12_a_range_that_ends_before_it_begins_is_refused(client: ApiClient) -> None:
    response = client.get("/reports/sales-tax?date_from=2026-02-01&date_to=2026-01-01")
    assert (response.status_code, response.json["code"]) == (422, "validation_failed")
