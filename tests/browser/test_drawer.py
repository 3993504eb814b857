"""The drawer in a browser: open by count, pay out, count blind, close with a difference, Z report."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person

SignIn = Callable[..., Person]


def count_piece(page: Page, value: str, pieces: str) -> None:
    """Enter how many of a note or coin were counted."""
    page.locator(f"[name='denominations[{value}]']").fill(pieces)


def test_drw_02_to_drw_11_a_shift_of_the_drawer(sign_in: SignIn) -> None:
    person = sign_in("manager", viewport={"width": 1440, "height": 900})
    person.open("/drawer")
    page = person.page
    count_piece(page, "20.00", "4")
    count_piece(page, "10.00", "2")
    expect(page.locator("[data-sum]")).to_have_text("$100.00")
    expect(page.locator("[name=opening_float]")).to_have_value("100.00")
    page.get_by_role("button", name="Open drawer").click()
    expect(page.get_by_text("Open", exact=True)).to_be_visible()

    page.get_by_role("button", name="Paid out").click()
    page.locator("#f-move-out-amount, #move-out-amount").fill("15")
    page.get_by_role("button", name="Record paid out").click()
    expect(page.locator("tbody")).to_contain_text("−$15.00")

    page.get_by_role("link", name="Count and close").click()
    count_piece(page, "20.00", "4")
    page.get_by_role("button", name="Enter count").click()
    expect(page.get_by_text("Short", exact=True)).to_be_visible()
    expect(page.locator(".totals")).to_contain_text("−$5.00")
    page.get_by_role("button", name="Close drawer").click()
    expect(page.locator(".receipt")).to_contain_text("Z report 1")
    expect(page.locator(".receipt")).to_contain_text("Over or short")
    assert person.faults == []


def test_drw_04_a_total_that_does_not_fit_is_told_at_its_field(sign_in: SignIn) -> None:
    person = sign_in("manager", viewport={"width": 390, "height": 844})
    person.open("/drawer")
    page = person.page
    count_piece(page, "20.00", "4")
    page.locator("[name=opening_float]").fill("90")
    page.get_by_role("button", name="Open drawer").click()
    expect(page.locator(".field-error")).to_contain_text("add up to 80.00, not to 90.00")
    expect(page.locator("[name=opening_float]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=opening_float]")).to_be_focused()
