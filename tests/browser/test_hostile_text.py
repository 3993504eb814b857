"""Markup in every name that people type stays text on every page (SEC-30, SEC-31, threats 7 and 15)."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import APIResponse, expect

from tests.browser.conftest import Person, Shop

SignIn = Callable[..., Person]
#: Breaks out of an attribute, a script or a title, and out of templates of two languages.
HOSTILE = "\"'></script></title><img src=x onerror=pwned=1>{{7*7}}${7*7}"
#: What a browser would have made of it.
PLANTED = "document.querySelectorAll('img[src=x], script:not([src]):not([type])').length"
PAGES = (
    "/pos", "/orders", "/orders?q=img", "/orders/{sale}", "/orders/{sale}/receipt", "/inventory", "/inventory?q=img",
    "/inventory/{product}", "/inventory/new", "/customers", "/customers?q=img", "/customers/{account}",
    "/customers/new", "/drawer", "/drawer/count", "/drawer/{session}/x", "/journal", "/register",
    "/login?next=/%22%3E%3Cimg%20src=x%20onerror=pwned=1%3E", "/%3Cimg%20src=x%20onerror=pwned=1%3E",
    "/register?next=/%22%3E%3Cimg%20src=x%20onerror=pwned=1%3E",
)  # fmt: skip


class Typist:
    """Types the hostile text into everything that the API takes, as the administrator."""

    def __init__(self, person: Person, shop: Shop) -> None:
        self.request = person.page.request
        self.shop = shop
        self.headers = {
            "Authorization": f"Bearer {shop.company.people['admin'].token}",
            "X-Terminal-Id": str(shop.company.terminal_id),
            "Content-Type": "application/json",
        }

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Call the API; whatever it refuses fails the test."""
        sent = self.headers | {"Idempotency-Key": uuid4().hex} | headers
        data = json.dumps(body) if body is not None else None
        answer: APIResponse = self.request.fetch(
            f"{self.shop.url}/api/v1{path}", method=method, data=data, headers=sent
        )
        assert answer.ok, (path, answer.text())
        found: dict[str, Any] = answer.json()
        return found

    def change(self, path: str, body: dict[str, Any]) -> None:
        """Change a row of which we know the address alone."""
        self.send("PATCH", path, body, **{"If-Match": f'"{self.send("GET", path)["version"]}"'})

    def fill(self) -> dict[str, str]:
        """Name everything; return the ids that pages show."""
        company = self.shop.company
        self.change("/companies/current", {"name": HOSTILE, "legal_name": HOSTILE})
        texts = dict.fromkeys(("name", "address_line1", "receipt_header", "receipt_footer"), HOSTILE)
        self.change(f"/locations/{company.location_id}", texts)
        self.change(f"/terminals/{company.terminal_id}", {"name": HOSTILE})
        self.change(f"/drawers/{company.drawer_id}", {"name": HOSTILE})
        self.change(f"/users/{company.people['manager'].id}", {"full_name": HOSTILE})
        category = self.send("POST", "/categories", {"name": HOSTILE})["id"]
        self.send("POST", "/suppliers", {"name": HOSTILE})
        variant = {"sku": "HOSTILE-1", "price": "5.00", "name_suffix": HOSTILE[:40]}
        product = {"name": HOSTILE, "description": HOSTILE, "brand": HOSTILE[:60], "category_id": category}
        made = self.send("POST", "/products", product | {"variants": [variant]})
        account = self.send(
            "POST",
            "/accounts",
            {"kind": "family", "display_name": HOSTILE, "notes": HOSTILE, "no_contact": True},
        )["id"]
        sale = self.sell(made["variants"][0]["id"], account)
        return {"product": made["id"], "account": account, **sale}

    def sell(self, variant: str, account: str) -> dict[str, str]:
        """Ring up the item, under a name of its own."""
        line = {"variant_id": variant, "qty": "1", "note": HOSTILE, "description": HOSTILE}
        body = {
            "client_uuid": str(uuid4()),
            "account_id": account,
            "lines": [line],
            "tenders": [{"type": "card", "amount": "5.36", "reference": HOSTILE}],
            "complete": True,
        }
        sold = self.send("POST", "/transactions", body)
        return {"sale": sold["id"], "session": self.send("GET", "/drawer-sessions/current")["id"]}


@pytest.fixture
def person(sign_in: SignIn, shop: Shop) -> Person:
    """A manager whose browser would tell of any dialog."""
    shop.open_drawer()
    someone = sign_in("manager", viewport={"width": 1280, "height": 900})
    someone.page.on("dialog", lambda dialog: (someone.faults.append(dialog.message), dialog.dismiss()))
    return someone


def test_sec_30_threat_7_markup_stays_text_on_every_page(person: Person, shop: Shop) -> None:
    ids = Typist(person, shop).fill()
    shown = 0
    for path in PAGES:
        person.open(path.format(**ids))
        assert person.page.evaluate("window.pwned") is None, path
        assert person.page.evaluate(PLANTED) == 0, f"markup became elements on {path}"
        assert "4949" not in person.page.inner_text("body"), path
        shown += "{{7*7}}${7*7}" in person.page.content()
    assert shown > 12
    assert person.faults == []


def test_sec_30_threat_7_the_register_shows_names_as_text(person: Person, shop: Shop) -> None:
    """Names that scripts put on the screen: search, tile, line, customer, receipt."""
    Typist(person, shop).fill()
    person.open("/pos")
    page = person.page
    page.fill("#pos-scan", "HOSTILE-1")
    page.keyboard.press("Enter")
    expect(page.locator(".pos-line")).to_have_count(1)
    expect(page.locator(".pos-line")).to_contain_text("{{7*7}}")
    page.fill("#pos-scan", "@img")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("onerror=pwned")
    assert page.evaluate("window.pwned") is None
    assert page.evaluate(PLANTED) == 0
    assert person.faults == []
