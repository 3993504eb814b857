"""A stocked shop whose drawer was never opened, and short ways to say what people do at it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.goods import add_category, add_item, add_stock

MANAGER = {"user": "0002", "pin": "2468", "reason_code": "manager_approved"}


@pytest.fixture
def goods(ctx: CompanyContext) -> dict[str, UUID]:
    """A taxed item, and an untaxed service whose price is typed."""
    assert ctx.location
    category = add_category(ctx.uow)
    ids = {"A": add_item(ctx.uow, category, "A", "9.99")}
    add_stock(ctx.uow, ids["A"], ctx.location.id, "100", "400.00")
    ids["S"] = add_item(ctx.uow, category, "S", "0.00", kind="service", product={"tax_category": "service"})
    ctx.uow.commit()
    return ids


@pytest.fixture
def opened(as_user: Callable[..., ApiClient], goods: dict[str, UUID]) -> str:
    """Path of a session opened with 200.00 by a cashier."""
    response = as_user("staff").post("/drawer-sessions", {"opening_float": "200.00"})
    assert response.status_code == 201, response.json
    return f"/drawer-sessions/{response.json['id']}"


@pytest.fixture
def sell(as_user: Callable[..., ApiClient], goods: dict[str, UUID]) -> Callable[..., dict[str, Any]]:
    """``sell("64.20")`` sells a service at that price for cash; ``by`` is the tender's type."""

    def act(amount: str, by: str = "cash", who: str = "admin") -> dict[str, Any]:
        line = {"variant_id": str(goods["S"]), "qty": "1", "unit_price": amount, "reason_code": "negotiated"}
        money = {"tendered": amount} if by == "cash" else {"amount": amount, "reference": "slip 7"}
        body = {
            "client_uuid": str(uuid4()),
            "lines": [line],
            "tenders": [{"type": by} | money],
            "complete": True,
        }
        response = as_user(who).post("/transactions", body)
        assert response.status_code == 201, response.json
        answer: dict[str, Any] = response.json
        return answer

    return act


@pytest.fixture
def books(ctx: CompanyContext) -> Callable[[], dict[str, Decimal]]:
    """Balance by account role, debits positive."""

    def read() -> dict[str, Decimal]:
        rows = ctx.uow.query(
            "SELECT c.role, sum(l.debit - l.credit) AS balance FROM journal_entry_line l "
            "JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id GROUP BY c.role"
        )
        return {row.role: row.balance for row in rows if row.balance}

    return read


@pytest.fixture
def close(as_user: Callable[..., ApiClient]) -> Callable[[str, str, str], dict[str, Any]]:
    """``close(path, counted, left)`` counts a session and closes it as the administrator."""

    def act(path: str, counted: str, left: str) -> dict[str, Any]:
        admin = as_user("admin")
        response = admin.post(f"{path}/count", {"counted_total": counted})
        assert response.status_code == 200, response.json
        why = {"variance_reason_code": "miscount", "variance_note": "counted twice"}
        response = admin.post(f"{path}/close", {"left_in_drawer": left} | why)
        assert response.status_code == 200, response.json
        answer: dict[str, Any] = response.json
        return answer

    return act


def refund(client: ApiClient, sale: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Give the first line of a sale back."""
    line = {"line_id": sale["lines"][0]["id"], "qty": "1", "reason_code": "changed_mind"}
    body = {"client_uuid": str(uuid4()), "lines": [line]} | more
    response = client.post(f"/transactions/{sale['id']}/refunds", body)
    assert response.status_code == 201, response.json
    answer: dict[str, Any] = response.json
    return answer


def entries(ctx: CompanyContext, event_type: str) -> dict[str, str]:
    """Account role to signed amount of the only entry of an event."""
    rows = ctx.uow.query(
        "SELECT c.role, l.debit - l.credit AS amount FROM journal_entry e "
        "JOIN journal_entry_line l ON l.company_id = e.company_id AND l.entry_id = e.id "
        "JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id "
        "WHERE e.event_type = %(event)s",
        {"event": event_type},
    )
    return {row.role: str(row.amount) for row in rows}


def audited(ctx: CompanyContext, action: str) -> list[Any]:
    return list(ctx.uow.query("SELECT * FROM audit_log WHERE action = %(a)s ORDER BY id", {"a": action}))
