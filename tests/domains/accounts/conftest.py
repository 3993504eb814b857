"""Shared makers of the tests about customers."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lunarfront.domains.receivables.models import Invoice
from lunarfront.domains.stored_value.service import lock_credit
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient

Maker = Callable[..., dict[str, Any]]


@pytest.fixture
def account(client: ApiClient) -> Maker:
    """``account(display_name="Ada")`` makes an account over the API."""

    def make(name: str = "Ada Lovelace", **fields: Any) -> dict[str, Any]:
        body = {"display_name": name, "no_contact": True, "confirm_duplicate": True} | fields
        answer = client.post("/accounts", body)
        assert answer.status_code == 201, answer.json
        return answer.json

    return make


@pytest.fixture
def member(client: ApiClient) -> Maker:
    """``member(account, first_name="Ada")`` adds a member over the API."""

    def make(of: dict[str, Any], first_name: str = "Ada", **fields: Any) -> dict[str, Any]:
        answer = client.post(f"/accounts/{of['id']}/members", {"first_name": first_name} | fields)
        assert answer.status_code == 201, answer.json
        return answer.json

    return make


@pytest.fixture
def invoice(ctx: CompanyContext) -> Callable[..., None]:
    """``invoice(account, "S-1", "12.00")`` writes an open invoice."""

    def make(
        of: dict[str, Any], number: str, balance: str, day: date = date(2026, 11, 2), **more: Any
    ) -> None:
        values = {"subtotal": balance, "tax": "0.00", "amount": balance, "balance": balance} | more
        ctx.uow.add(Invoice, account_id=UUID(of["id"]), number=number, issue_date=day, due_date=day, **values)
        ctx.uow.flush()

    return make


@pytest.fixture
def credit(ctx: CompanyContext) -> Callable[..., None]:
    """``credit(account, "5.00")`` issues store credit."""

    def issue(of: dict[str, Any], amount: str) -> None:
        lock_credit(ctx, UUID(of["id"])).move(ctx, "issue", Decimal(amount), None)
        ctx.uow.flush()

    return issue
