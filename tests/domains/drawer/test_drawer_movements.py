"""Cash that comes and goes without a sale (DRW-03, JE-19, JE-24, POS-23)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from tests.domains.drawer.conftest import MANAGER, audited, entries

Books = Callable[[], dict[str, Decimal]]
Sell = Callable[..., dict[str, Any]]
As = Callable[..., ApiClient]


def test_drw_03_movements_need_a_reason(client: ApiClient, opened: str) -> None:
    for kind in ("paid_in", "paid_out", "drop", "float", "tip_payout"):
        refused = client.post(f"{opened}/movements", {"kind": kind, "amount": "5.00"})
        assert (refused.status_code, refused.json["code"]) == (422, "reason_required"), kind
    noted = client.post(f"{opened}/movements", {"kind": "drop", "amount": "5.00", "reason_code": "other"})
    assert noted.json["code"] == "note_required"


def test_drw_03_paid_out_above_the_limit_needs_approval(
    as_user: As, opened: str, ctx: CompanyContext
) -> None:
    ctx.uow.execute(
        "INSERT INTO permission_grant (company_id, id, user_id, permission, effect) SELECT company_id, "
        "gen_random_uuid(), id, 'drawer.paid_in_out', 'allow' FROM app_user WHERE staff_number = '0003'"
    )
    ctx.uow.commit()
    staff = as_user("staff")
    body = {"kind": "paid_out", "amount": "100.00", "reason_code": "supplies"}
    assert staff.post(f"{opened}/movements", body).status_code == 201
    above = staff.post(f"{opened}/movements", body | {"amount": "100.01"})
    assert (above.status_code, above.json["code"]) == (409, "approval_required")
    assert (above.json["permission"], above.json["limit"]) == ("drawer.variance.approve", "100.00")
    agreed = staff.post(f"{opened}/movements", body | {"amount": "100.01", "approval": MANAGER})
    assert agreed.status_code == 201, agreed.json
    assert agreed.json["approval_id"] is not None


def test_drw_03_cashier_needs_the_managers_pin_for_paid_in_and_out(as_user: As, opened: str) -> None:
    body = {"kind": "paid_in", "amount": "20.00", "reason_code": "change_fund"}
    asked = as_user("staff").post(f"{opened}/movements", body)
    assert (asked.status_code, asked.json["permission"]) == (409, "drawer.paid_in_out")
    assert as_user("staff").post(f"{opened}/movements", body | {"approval": MANAGER}).status_code == 201
    assert as_user("staff").post(
        f"{opened}/movements", {"kind": "drop", "amount": "20.00", "reason_code": "safe"}
    ).status_code == 201  # fmt: skip
    refused = as_user("viewer").post(f"{opened}/movements", body | {"approval": MANAGER})
    assert refused.status_code == 403


def test_je_24_movements_use_their_accounts(client: ApiClient, opened: str, ctx: CompanyContext) -> None:
    def move(kind: str, reason: str, **more: str) -> int:
        body = {"kind": kind, "amount": "15.00", "reason_code": reason} | more
        return client.post(f"{opened}/movements", body).status_code

    assert move("paid_out", "supplies") == 201
    assert entries(ctx, "drawer_paid_out") == {"supplies": "15.00", "cash_drawer": "-15.00"}
    assert move("paid_in", "change_fund", contra_account="1030") == 201
    assert entries(ctx, "drawer_paid_in") == {"cash_drawer": "15.00", "bank": "-15.00"}
    assert move("drop", "safe") == 201
    assert entries(ctx, "drawer_drop") == {"cash_safe": "15.00", "cash_drawer": "-15.00"}
    assert move("paid_out", "supplies", contra_account="9999") == 404
    assert move("drop", "safe", contra_account="bank") == 422


def test_je_24_control_accounts_are_not_for_petty_cash(as_user: As, opened: str) -> None:
    body = {"kind": "paid_out", "amount": "5.00", "reason_code": "supplies", "contra_account": "ap"}
    refused = as_user("manager").post(f"{opened}/movements", body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (403, "contra_account")
    assert as_user("admin").post(f"{opened}/movements", body).status_code == 201


def test_je_19_tips_are_paid_from_the_drawer(client: ApiClient, opened: str, ctx: CompanyContext) -> None:
    body = {"kind": "tip_payout", "amount": "5.00", "reason_code": "tips"}
    assert client.post(f"{opened}/movements", body).status_code == 201
    assert entries(ctx, "drawer_tip_payout") == {"tips": "5.00", "cash_drawer": "-5.00"}
    assert client.get(opened).json["expected_total"] == "195.00"


def test_pos_23_no_sale_is_counted_and_moves_nothing(
    as_user: As, client: ApiClient, opened: str, ctx: CompanyContext
) -> None:
    body = {"kind": "no_sale", "reason_code": "change"}
    assert as_user("staff").post(f"{opened}/movements", body).json["permission"] == "drawer.no_sale"
    assert as_user("staff").post(f"{opened}/movements", body | {"approval": MANAGER}).status_code == 201
    assert client.post(f"{opened}/movements", {"kind": "no_sale"}).json["code"] == "reason_required"
    assert client.post(f"{opened}/movements", body | {"amount": "1.00"}).status_code == 422
    assert client.get(f"{opened}/x").json["no_sales"] == 1
    assert audited(ctx, "drawer.no_sale")[0].approval_id is not None
