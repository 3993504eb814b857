"""Every page in light and dark at three sizes: no axe violation, no overflow, nothing on the console (UX-16)."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.browser.conftest import AXE, Person, Shop
from tests.browser.pages import PAGES, SIZES

RUN = "axe.run(document, {resultTypes: ['violations']})"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_ux_16_pages_are_accessible(sign_in: Callable[..., Person], size: str, scheme: str) -> None:
    width, height = SIZES[size]
    person = sign_in(
        "manager", viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True
    )
    wrong = {path: found for path in PAGES if (found := _faults(person, path))}
    assert not wrong


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_ux_16_records_are_accessible(sign_in: Callable[..., Person], shop: Shop, size: str) -> None:
    shop.open_drawer()
    width, height = SIZES[size]
    person = sign_in("manager", viewport={"width": width, "height": height}, bypass_csp=True)
    wrong = {path: found for path in _records(person, shop) if (found := _faults(person, path))}
    assert not wrong


def _records(person: Person, shop: Shop) -> list[str]:
    """Make a sale and a customer through the API, as the pages do, and return the paths of what was made."""
    sale = {
        "client_uuid": str(uuid4()),
        "lines": [{"variant_id": shop.items["GS-1046"], "qty": "2"}],
        "tenders": [{"type": "cash", "tendered": "30.00"}],
        "complete": True,
    }
    sold = _post(person, "/transactions", sale)
    customer = _post(person, "/accounts", {"display_name": "Lee Park", "no_contact": True})
    found = person.page.request.get(person.url + "/api/v1/lookup?code=GS-1046").json()["items"][0]
    session = person.page.request.get(person.url + "/api/v1/drawer-sessions/current").json()
    order = f"/orders/{sold['id']}"
    item, account = f"/inventory/{found['product_id']}", f"/customers/{customer['id']}"
    return [
        order,
        f"{order}/receipt",
        item,
        account,
        "/drawer",
        "/drawer/count",
        f"/drawer/{session['id']}/x",
        "/journal",
    ]


def _post(person: Person, path: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Idempotency-Key": uuid4().hex, "Sec-Fetch-Site": "same-origin"}
    answer = person.page.request.post(f"{person.url}/api/v1{path}", data=body, headers=headers)
    assert answer.ok, answer.text()
    made: dict[str, Any] = answer.json()
    return made


def _faults(person: Person, path: str) -> list[str]:
    person.open(path)
    person.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in person.page.evaluate(RUN)["violations"]
    ]
    overflow = person.page.evaluate(OVERFLOW)
    return found + ([f"{overflow} px too wide"] if overflow > 0 else []) + person.faults
