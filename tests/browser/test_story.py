"""The first day in one walk: open the drawer, sell, see the entry, refund a line, close over or short."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, Shop
from tests.browser.test_drawer import count_piece
from tests.browser.test_register import scan, settled


def test_story_from_counted_float_to_z_report(sign_in: Callable[..., Person], shop: Shop) -> None:
    person = sign_in("manager", viewport={"width": 1440, "height": 900})
    page = person.page
    open_drawer_with(person, {"20.00": "10"})
    sell(person)
    see_the_entry(page)
    refund_one_string(page)
    close_fifty_cents_short(person)
    assert person.faults == []


def open_drawer_with(person: Person, pieces: dict[str, str]) -> None:
    person.open("/drawer")
    for value, count in pieces.items():
        count_piece(person.page, value, count)
    person.page.get_by_role("button", name="Open drawer").click()
    expect(person.page.get_by_text("Open", exact=True)).to_be_visible()


def sell(person: Person) -> None:
    """Two strings by scan, a tuner by search, cash, change."""
    page = person.page
    person.open("/pos")
    expect(page.locator(".tile")).to_have_count(4)
    scan(page, "2*GS-1046")
    expect(page.locator(".pos-line")).to_have_count(1)
    page.locator("#pos-scan").press_sequentially("TN-002", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator(".pos-line")).to_have_count(2)
    assert settled(page) == "$40.72"
    page.keyboard.press("F8")
    page.keyboard.type("50", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator("[data-change]")).to_have_text("$9.28")


def see_the_entry(page: Page) -> None:
    page.get_by_role("link", name="Open sale").click()
    expect(page.get_by_role("heading", name="Journal entry")).to_be_visible()
    for figure in ("Cash in Drawers", "$40.72", "Sales Tax Payable", "$2.75", "Merchandise Sales", "$37.97"):
        expect(page.locator("main")).to_contain_text(figure)


def refund_one_string(page: Page) -> None:
    page.get_by_role("button", name="Refund", exact=True).click()
    page.get_by_label("Item GS-1046").check()
    page.get_by_label("Quantity").fill("1")
    page.get_by_label("Quantity").press("Tab")
    page.get_by_role("button", name="Refund $10.72").click()
    expect(page.get_by_role("link", name="Refund of sale")).to_be_visible()


def close_fifty_cents_short(person: Person) -> None:
    """200.00 + 40.72 - 10.72 = 230.00 expected, 229.50 counted."""
    page = person.page
    person.open("/drawer")
    page.get_by_role("link", name="Count and close").click()
    for value, pieces in {
        "100.00": "2",
        "20.00": "1",
        "5.00": "1",
        "1.00": "4",
        "0.25": "2",
    }.items():
        count_piece(page, value, pieces)
    page.get_by_role("button", name="Enter count").click()
    expect(page.get_by_text("Short", exact=True)).to_be_visible()
    expect(page.locator(".totals")).to_contain_text("−$0.50")
    page.get_by_role("button", name="Close drawer").click()
    expect(page.locator(".receipt")).to_contain_text("Z report 1")
