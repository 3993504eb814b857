"""Items and customers in a browser: new, adjust, edit, and two people who edit the same one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, Shop

SignIn = Callable[..., Person]


@pytest.fixture
def owner(sign_in: SignIn, shop: Shop) -> Person:
    """A manager at the inventory of a shop."""
    assert shop.items
    person = sign_in("manager", viewport={"width": 1440, "height": 900})
    person.open("/inventory")
    return person


def test_inv_01_a_new_item_with_its_code_can_be_found(owner: Person) -> None:
    page = owner.page
    page.get_by_role("link", name="New item").click()
    page.get_by_role("button", name="Add item").click()
    expect(page.locator("[name=name]")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name", exact=True).fill("Music stand")
    page.get_by_label("Category").select_option(label="Accessories")
    page.get_by_label("Price").fill("39")
    page.get_by_label("Barcode").fill("STAND-39")
    page.get_by_role("button", name="Add item").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Music stand")
    expect(page.locator("tbody").first).to_contain_text("STAND-39")
    expect(page.locator("tbody").first).to_contain_text("$39.00")
    assert owner.faults == []


def test_inv_20_an_adjustment_shows_in_stock_and_movements(owner: Person) -> None:
    page = owner.page
    page.get_by_role("link", name="Item GS-1046").click()
    page.get_by_role("button", name="Adjust").click()
    page.get_by_label("Change").fill("-2")
    page.get_by_role("button", name="Adjust stock", exact=True).click()
    expect(page.get_by_role("region", name="Stock by location")).to_contain_text("38")
    expect(page.get_by_role("region", name="Latest movements")).to_contain_text("Adjusted")


def test_occ_01_nobody_loses_text_when_two_edit_the_same_item(owner: Person, sign_in: SignIn) -> None:
    page = owner.page
    page.get_by_role("link", name="Item TN-002").click()
    page.wait_for_url("**/inventory/*-*")
    other = sign_in("manager").page
    other.goto(page.url)
    other.get_by_label("Brand").fill("Snark")
    other.get_by_role("button", name="Save").last.click()
    expect(other.get_by_label("Brand")).to_have_value("Snark")

    page.get_by_label("Model").fill("SN-5")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Somebody changed this in the meantime").first).to_be_visible()
    expect(page.get_by_label("Model")).to_have_value("SN-5")
    row = page.locator("[data-problem] tr", has_text="Brand")
    expect(row).to_contain_text("Snark")
    row.get_by_role("button", name="Take theirs").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_label("Brand")).to_have_value("Snark")
    expect(page.get_by_label("Model")).to_have_value("SN-5")


def test_act_01_a_customer_needs_phone_or_email_or_neither_known(owner: Person) -> None:
    page = owner.page
    owner.open("/customers/new")
    page.get_by_label("Name", exact=True).fill("Lee Park")
    page.get_by_role("button", name="Add customer").click()
    expect(page.locator(".field-error, [role=alert]").first).to_be_visible()
    page.get_by_label("Phone", exact=True).fill("312 555 0142")
    page.get_by_role("button", name="Add customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lee Park")
    expect(page.get_by_text("No orders yet")).to_be_visible()
