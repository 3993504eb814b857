"""Orders in a browser: refund of lines, filter, receipt on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, Shop
from tests.browser.test_register import scan, settled

SignIn = Callable[..., Person]


@pytest.fixture
def sold(sign_in: SignIn, shop: Shop) -> Person:
    """A manager who looks at a sale of two items that was paid in cash."""
    shop.open_drawer()
    person = sign_in("manager", viewport={"width": 1440, "height": 900})
    person.open("/pos")
    page = person.page
    expect(page.locator(".tile")).to_have_count(4)
    scan(page, "2*GS-1046")
    scan(page, "TN-002")
    expect(page.locator(".pos-line")).to_have_count(2)
    settled(page)
    page.keyboard.press("F8")
    page.get_by_role("button", name="Exact").click()
    page.get_by_role("link", name="Open sale").click()
    expect(page.get_by_role("heading", name="Journal entry")).to_be_visible()
    return person


def choose_line(page: Page, name: str) -> None:
    """Open the refund dialog and mark a line."""
    page.get_by_role("button", name="Refund", exact=True).click()
    page.get_by_label(name).check()


def test_ret_04_a_refund_of_one_of_two_is_previewed_and_paid_back(sold: Person) -> None:
    page = sold.page
    choose_line(page, "Item GS-1046")
    page.get_by_label("Quantity").fill("1")
    page.get_by_label("Quantity").press("Tab")
    expect(page.locator("dialog .totals")).to_contain_text("$10.72")
    page.get_by_role("button", name="Refund $10.72").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Refund")
    expect(page.get_by_role("link", name="Refund of sale")).to_be_visible()
    page.get_by_role("link", name="Refund of sale").click()
    expect(page.get_by_text("1 returned")).to_be_visible()
    assert sold.faults == []


def test_ret_03_more_than_was_sold_is_refused_in_the_dialog(sold: Person) -> None:
    page = sold.page
    choose_line(page, "Item TN-002")
    page.get_by_label("Quantity").fill("5")
    page.get_by_label("Quantity").press("Tab")
    expect(page.locator("dialog [role=alert]")).to_be_visible()
    expect(page.locator("dialog .request-id")).to_be_visible()


def test_ux_02_the_filter_lives_in_the_url(sold: Person) -> None:
    sold.open("/orders")
    page = sold.page
    expect(page.locator("#orders tbody tr")).to_have_count(1)
    page.get_by_label("Kind").select_option("refund")
    expect(page.get_by_text("No order matches")).to_be_visible()
    assert "kind=refund" in page.url
    page.go_back()
    expect(page.locator("#orders tbody tr")).to_have_count(1)


def test_ux_19_the_receipt_prints_without_the_buttons_and_its_second_print_is_a_copy(sold: Person) -> None:
    page = sold.page
    page.goto(page.url + "/receipt")
    expect(page.locator(".receipt svg rect").first).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()
    with page.expect_response("**/receipts"):
        page.get_by_role("button", name="Print").click()
    with page.expect_response("**/receipts"):
        page.get_by_role("button", name="Print").click()
    expect(page.locator("[data-copy]")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".print-bar")).to_be_hidden()
    width = page.locator(".receipt").bounding_box()
    assert width is not None
    assert 300 < width["width"] < 305
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert sold.faults == []
