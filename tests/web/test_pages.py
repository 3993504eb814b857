"""Pages: who sees them, what they are protected by, what they show."""

import base64
import hashlib
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask

from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.goods import add_category, add_item, add_stock
from tests.web.conftest import SAME_SITE, Browser, form_token_of

Browse = Callable[[str], Browser]


@pytest.fixture
def item(ctx: CompanyContext) -> UUID:
    """A stocked item and an open drawer."""
    assert ctx.location
    assert ctx.terminal
    assert ctx.user
    variant = add_item(ctx.uow, add_category(ctx.uow), "GS-1046", "9.99")
    add_stock(ctx.uow, variant, ctx.location.id, "10", "40.00")
    ctx.uow.add(
        DrawerSession, drawer_id=ctx.terminal.drawer_id, terminal_id=ctx.terminal.id, location_id=ctx.location.id,
        status="open", opened_by=ctx.user.id, opened_at=ctx.now, business_date=ctx.business_date(),
        opening_float="100.00",
    )  # fmt: skip
    ctx.uow.commit()
    return variant


@pytest.fixture
def sale(client: ApiClient, item: UUID) -> dict[str, object]:
    """A completed cash sale."""
    body = {
        "client_uuid": str(uuid4()),
        "kind": "sale",
        "lines": [{"variant_id": str(item), "qty": "2"}],
        "tenders": [{"type": "cash", "tendered": "30.00"}],
        "complete": True,
    }
    answer = client.post("/transactions", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json or {}
    return found


@pytest.mark.parametrize("path", ["/", "/pos", "/orders", "/drawer", "/journal", "/drawer/count"])
def test_pages_ask_for_a_sign_in_and_come_back(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/login?next={path}"


def test_sec_31_every_page_has_the_static_policy(app: Flask) -> None:
    page = app.test_client().get("/login")
    policy = page.headers["Content-Security-Policy"]
    import_map = re.search(r'<script type="importmap">(.*?)</script>', page.text)
    assert import_map
    digest = base64.b64encode(hashlib.sha256(import_map.group(1).encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_sec_25_the_sign_in_form_needs_its_token(app: Flask) -> None:
    answer = app.test_client().post(
        "/login", data={"email": "a@b.example", "password": "x"}, headers=SAME_SITE
    )
    assert answer.status_code == 400
    assert "form is too old" in answer.text


def test_usr_01_a_wrong_password_says_nothing_more(app: Flask) -> None:
    browser = app.test_client()
    token = form_token_of(browser.get("/login").text)
    form = {"email": "nobody@a.example", "password": "wrong password", "form_token": token}
    answer = browser.post("/login", data=form, headers=SAME_SITE)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "wrong password" not in answer.text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_sign_in_never_leads_to_another_site(app: Flask, target: str) -> None:
    page = app.test_client().get("/login", query_string={"next": target})
    assert 'name="next" value="/"' in page.text


def test_the_start_page_is_the_first_one_allowed(browse: Browse) -> None:
    assert browse("staff").get("/").headers["Location"] == "/pos"
    assert browse("viewer").get("/").headers["Location"] == "/orders"


def test_ux_21_the_menu_has_only_what_the_user_may(browse: Browse) -> None:
    page = browse("viewer").get("/orders").text
    assert 'href="/journal"' in page
    assert 'href="/pos"' not in page
    assert browse("viewer").get("/pos").status_code == 403


def test_pos_48_the_register_knows_drawer_reasons_and_currency(browse: Browse, item: UUID) -> None:
    page = browse("staff").get("/pos").text
    assert 'data-currency="USD"' in page
    assert "&#34;drawer_open&#34;: true" in page or '"drawer_open": true' in page
    assert "price_match" in page


def test_orders_show_the_sale_and_its_fragment(browse: Browse, sale: dict[str, object]) -> None:
    browser = browse("manager")
    page = browser.get("/orders").text
    assert str(sale["number"]) in page
    assert "Cash" in page
    fragment = browser.get("/orders", headers={"HX-Request": "true"}).text
    assert str(sale["number"]) in fragment
    assert "<html" not in fragment
    nothing = browser.get("/orders?q=no-such-number").text
    assert "No order matches" in nothing


def test_an_order_shows_lines_tax_tenders_and_entry(browse: Browse, sale: dict[str, object]) -> None:
    page = browse("manager").get(f"/orders/{sale['id']}").text
    for expected in (
        "GS-1046",
        "$19.98",
        "Illinois sales tax",
        "7.25%",
        "Received $30.00",
        "Journal entry",
        "<lf-refund",
    ):
        assert expected in page, expected


def test_an_order_of_another_company_is_not_found(browse: Browse) -> None:
    answer = browse("admin").get(f"/orders/{uuid4()}")
    assert answer.status_code == 404
    assert "Request " in answer.text


def test_pos_21_the_receipt_has_number_tax_change_and_barcode(
    browse: Browse, sale: dict[str, object]
) -> None:
    page = browse("staff").get(f"/orders/{sale['id']}/receipt").text
    for expected in (str(sale["number"]), "Illinois sales tax 7.25%", "Change", "<rect", 'data-paper="80"'):
        assert expected in page, expected


def test_the_journal_shows_balanced_entries(browse: Browse, sale: dict[str, object]) -> None:
    page = browse("manager").get("/journal").text
    assert f"/orders/{sale['id']}" in page


def test_drw_02_a_closed_drawer_asks_for_the_count(browse: Browse) -> None:
    page = browse("staff").get("/drawer").text
    assert "denominations[20.00]" in page
    assert 'name="opening_float"' in page


def test_drw_08_a_blind_count_shows_no_expected_amount_and_no_sales(
    browse: Browse, sale: dict[str, object]
) -> None:
    assert "Cash movements" in browse("manager").get("/drawer").text
    browser = browse("staff")
    page = browser.get("/drawer").text
    assert "shown after the count" in page
    assert str(sale["total"]) not in page
    count = browser.get("/drawer/count").text
    assert "denominations[20.00]" in count
    assert "Expected" not in count
    assert browser.get("/drawer/close").headers["Location"] == "/drawer"


def test_ux_17_theme_and_density_are_in_the_first_paint(app: Flask) -> None:
    browser = app.test_client()
    browser.set_cookie("lf_theme", "dark")
    browser.set_cookie("lf_density", "compact")
    page = browser.get("/login").text
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    browser.set_cookie("lf_theme", '"><script>')
    assert "<script>" not in browser.get("/login").text


def test_sec_22_signing_out_ends_the_session(browse: Browse) -> None:
    browser = browse("staff")
    assert browser.post("/logout").status_code == 403
    assert browser.post("/logout", headers=SAME_SITE).headers["Location"] == "/login"
    assert browser.get("/pos").headers["Location"] == "/login?next=/pos"


def test_usr_07_a_device_keeps_its_register(browse: Browse, ctx: CompanyContext) -> None:
    assert ctx.terminal
    browser = browse("staff")
    assert "Till 1" in browser.get("/register").text
    form = {"terminal_id": str(ctx.terminal.id), "next": "/drawer"}
    assert browser.post("/register", data=form, headers=SAME_SITE).headers["Location"] == "/drawer"
    assert browser.get_cookie("lf_terminal") is not None


def test_built_files_are_kept_for_a_year_and_compressed(app: Flask) -> None:
    page = app.test_client().get("/login").text
    style = re.search(r'href="(/static/dist/[^"]+\.css)"', page)
    assert style
    answer = app.test_client().get(style.group(1), headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert app.test_client().get("/static/dist/nothing-here.js").status_code == 404


def test_src_01_customers_are_listed_found_and_shown(browse: Browse, client: ApiClient) -> None:
    made = client.post("/accounts", {"display_name": "Lee Park", "phone": "312 555 0142"})
    assert made.status_code == 201, made.text
    browser = browse("staff")
    assert "Lee Park" in browser.get("/customers").text
    assert "Lee Park" in browser.get("/customers?q=park").text
    assert "Nobody found" in browser.get("/customers?q=zzzz").text
    assert "<html" not in browser.get("/customers", headers={"HX-Request": "true"}).text
    page = browser.get(f"/customers/{(made.json or {})['id']}").text
    assert 'data-version="1"' in page
    assert "No orders yet" in page
    assert 'name="display_name"' in browser.get("/customers/new").text


def test_items_are_listed_found_and_shown(browse: Browse, item: UUID, client: ApiClient) -> None:
    browser = browse("manager")
    assert "GS-1046" in browser.get("/inventory").text
    assert "In stock" in browser.get("/inventory?q=GS-1046").text
    assert "No item matches" in browser.get("/inventory?q=zzzz").text
    found = client.get("/lookup?code=GS-1046").json or {}
    page = browser.get(f"/inventory/{found['items'][0]['product_id']}").text
    for expected in ("Stock by location", "Main store", "Adjust stock of GS-1046", "$9.99"):
        assert expected in page, expected
    assert 'name="variants[0].price"' in browser.get("/inventory/new").text


def test_usr_02_staff_see_items_without_the_buttons_that_change_them(browse: Browse, item: UUID) -> None:
    browser = browse("staff")
    assert "New item" not in browser.get("/inventory").text
    assert browser.get("/inventory/new").status_code == 403
