"""A drawer's day through the API: open, move, count, close."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from lunarfront.sdk.testing.client import ApiClient

Books = Callable[[], dict[str, Decimal]]
Sell = Callable[..., dict[str, Any]]


def refund(client: ApiClient, sale: dict[str, Any], **more: Any) -> None:
    line = {"line_id": sale["lines"][0]["id"], "qty": "1", "reason_code": "changed_mind"}
    body = {"client_uuid": str(uuid4()), "lines": [line]} | more
    response = client.post(f"/transactions/{sale['id']}/refunds", body)
    assert response.status_code == 201, response.json


def test_drw_05_example_w6(client: ApiClient, opened: str, sell: Sell, books: Books) -> None:
    for amount in ("64.20", "108.77", "19.99"):
        sell(amount)
    sold_by_card = sell("32.10", by="card")
    refund(client, sold_by_card, tenders=[{"type": "cash", "amount": "32.10"}])
    moves = [
        ("paid_in", "20.00", "change_fund"),
        ("paid_out", "15.00", "supplies"),
        ("drop", "150.00", "safe"),
    ]
    for kind, amount, reason in moves:
        moved = client.post(f"{opened}/movements", {"kind": kind, "amount": amount, "reason_code": reason})
        assert moved.status_code == 201, moved.json
    pieces = {"20.00": 8, "10.00": 3, "5.00": 4, "1.00": 4, "0.25": 5, "0.10": 1, "0.01": 1}
    counted = client.post(f"{opened}/count", {"counted_total": "215.36", "denominations": pieces})
    assert counted.status_code == 200, counted.json
    assert (counted.json["expected_total"], counted.json["over_short"]) == ("215.86", "-0.50")
    closed = client.post(f"{opened}/close", {"left_in_drawer": "200.00"})
    assert closed.status_code == 200, closed.json
    assert (closed.json["z_number"], closed.json["deposited"], closed.json["approval_id"]) == (
        1,
        "15.36",
        None,
    )
    assert books()["over_short"] == Decimal("0.50")
    assert books()["cash_drawer"] == Decimal("200.00")
