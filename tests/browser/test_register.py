"""The register in a browser: keyboard, scanner, touch, cash, card, approval (frontend.md §7)."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, Shop

SignIn = Callable[..., Person]


@pytest.fixture
def register(sign_in: SignIn, shop: Shop) -> Person:
    """The register of a manager with an open drawer."""
    shop.open_drawer()
    person = sign_in("manager", viewport={"width": 1440, "height": 900})
    person.open("/pos")
    expect(person.page.locator(".tile")).to_have_count(4)
    return person


KEY_SECONDS = 0.003


def scan(page: Page, code: str) -> None:
    """Type as a scanner does: 3 ms a key by the clock of the keys, however busy this machine is."""
    keyboard = page.context.new_cdp_session(page)
    started = time.time()
    for number, key in enumerate([*code, "Enter"]):
        text = "\r" if key == "Enter" else key
        at = started + number * KEY_SECONDS
        keyboard.send(
            "Input.dispatchKeyEvent", {"type": "keyDown", "key": key, "text": text, "timestamp": at}
        )
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "timestamp": at})
    keyboard.detach()


def lines(page: Page) -> list[tuple[str, str]]:
    """Return quantity and amount of each line in the cart."""
    rows = page.locator(".pos-line").all()
    return [
        (row.locator(".qty").inner_text().split()[-1], row.locator(".amount").inner_text()) for row in rows
    ]


def settled(page: Page) -> str:
    """Wait for the totals of the cart as it is and return the total."""
    expect(page.locator(".totals:not([data-stale])")).to_be_visible()
    return page.locator("[data-total]").inner_text()


def test_pos_48_cash_sale_by_keyboard_only(register: Person) -> None:
    page = register.page
    scan(page, "GS-1046")
    scan(page, "3*TN-002")
    expect(page.locator(".pos-line")).to_have_count(2)
    assert lines(page) == [("1", "$9.99"), ("3", "$53.97")]
    assert settled(page) == "$68.60"
    page.keyboard.press("F8")
    page.keyboard.type("100", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator("[data-change]")).to_have_text("$31.40")
    expect(page.locator("#pos-scan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".pos-empty")).to_be_visible()
    assert register.faults == []


def test_pos_48_cash_sale_by_touch_only(sign_in: SignIn, shop: Shop) -> None:
    shop.open_drawer()
    person = sign_in("manager", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    person.open("/pos")
    page = person.page
    page.locator(".tile", has_text="CB-10").tap()
    page.locator(".pos-bar-open").tap()
    expect(page.locator(".pos-cart[data-open]")).to_be_visible()
    page.locator(".pos-close").tap()
    page.locator(".pos-bar").get_by_role("button", name="Cash").tap()
    page.get_by_role("button", name="$40.00").tap()
    expect(page.locator("[data-change]")).to_have_text("$13.24")
    assert person.faults == []


def test_ux_07_fifty_scans_in_a_row_are_neither_lost_nor_mixed(register: Person) -> None:
    page = register.page
    codes = ["GS-1046", "TN-002", "CB-10", "RD-25"]
    for number in range(50):
        scan(page, codes[number % 4])
    expect(page.locator(".pos-cart-head h2")).to_have_text("50 items")
    assert [qty for qty, _ in lines(page)] == ["13", "13", "12", "12"]
    assert page.input_value("#pos-scan") == ""


def test_ux_07_a_scan_leaves_the_focused_field_alone_and_dialogs_refuse_it(register: Person) -> None:
    page = register.page
    scan(page, "GS-1046")
    expect(page.locator(".pos-line")).to_have_count(1)
    page.get_by_role("button", name="Quantity", exact=True).click()
    field = page.locator("[name=qty]")
    expect(field).to_have_value("1")
    scan(page, "TN-002")
    expect(field).to_have_value("1")
    page.keyboard.press("Escape")
    expect(page.locator(".pos-line")).to_have_count(1)


def test_unknown_codes_are_told_and_can_be_searched(register: Person) -> None:
    page = register.page
    scan(page, "NOTHING-1")
    expect(page.get_by_text("No item has the code NOTHING-1")).to_be_visible()
    expect(page.locator(".pos-line")).to_have_count(0)


def test_keys_change_the_selected_line(register: Person) -> None:
    page = register.page
    scan(page, "GS-1046")
    scan(page, "TN-002")
    expect(page.locator(".pos-line")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("+")
    expect(page.locator(".pos-line .qty").first).to_contain_text("2")
    page.keyboard.type("*5", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator(".pos-line .qty").first).to_contain_text("5")
    page.keyboard.press("Delete")
    expect(page.locator(".pos-line")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".pos-line")).to_have_count(2)


def test_pos_14_a_discount_by_the_field_asks_its_reason(register: Person) -> None:
    page = register.page
    scan(page, "GS-1046")
    expect(page.locator(".pos-line")).to_have_count(1)
    page.keyboard.type("/10%", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator("[name=value]")).to_have_value("10%")
    page.get_by_role("button", name="Give discount").click()
    expect(page.locator(".pos-line .amount")).to_have_text("$8.99")


def test_pos_49_a_card_needs_its_slip(register: Person) -> None:
    page = register.page
    scan(page, "CB-10")
    settled(page)
    page.keyboard.press("F9")
    page.get_by_role("button", name="Charge $26.76").last.click()
    expect(page.get_by_text("Enter the number printed on the slip.")).to_be_visible()
    page.fill("[name=reference]", "slip 4711")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sale complete")).to_be_visible()


def test_usr_04_a_high_discount_asks_for_a_manager_in_the_same_dialog(sign_in: SignIn, shop: Shop) -> None:
    shop.open_drawer()
    person = sign_in("staff", viewport={"width": 1440, "height": 900})
    person.open("/pos")
    page = person.page
    expect(page.locator(".tile")).to_have_count(4)
    scan(page, "RD-25")
    expect(page.locator(".pos-line")).to_have_count(1)
    page.keyboard.type("/20%", delay=80)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Give discount").click()
    settled(page)
    page.keyboard.press("F8")
    page.get_by_role("button", name="Exact").click()
    expect(page.get_by_text("Manager approval")).to_be_visible()
    page.fill("[name=user]", shop.company.people["manager"].staff_number)
    page.fill("[name=pin]", "2468")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Sale complete")).to_be_visible()


def test_pos_27_cash_without_an_open_drawer_says_so_where_it_was_tried(sign_in: SignIn) -> None:
    person = sign_in("manager", viewport={"width": 1440, "height": 900})
    person.open("/pos")
    page = person.page
    expect(page.get_by_text("The drawer is closed")).to_be_visible()
    scan(page, "GS-1046")
    settled(page)
    page.keyboard.press("F8")
    page.get_by_role("button", name="Exact").click()
    expect(page.locator("dialog [role=alert]")).to_contain_text("Open the cash drawer first")
    expect(page.locator("dialog .request-id")).to_be_visible()


def test_pos_01_a_lost_answer_repeated_is_one_sale(register: Person) -> None:
    page = register.page
    lost: list[str] = []

    def lose(route: object) -> None:
        if not lost:
            lost.append(route.fetch().text())  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/api/v1/transactions", lose)
    scan(page, "GS-1046")
    settled(page)
    page.keyboard.press("F8")
    page.get_by_role("button", name="Exact").click()
    expect(page.get_by_text("No connection").first).to_be_visible()
    page.get_by_role("button", name="Take cash").click()
    expect(page.get_by_text("Sale complete")).to_be_visible()
    register.open("/orders")
    expect(page.locator("#orders tbody tr")).to_have_count(1)


def test_the_cart_survives_a_reload(register: Person) -> None:
    page = register.page
    scan(page, "GS-1046")
    expect(page.locator(".pos-line")).to_have_count(1)
    page.reload()
    expect(page.locator(".pos-line")).to_have_count(1)
    assert settled(page) == "$10.71"


def test_act_01_a_customer_is_added_at_the_register_and_stands_on_the_sale(register: Person) -> None:
    page = register.page
    page.keyboard.type("@Lee Park", delay=60)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody found.")).to_be_visible()
    page.get_by_role("button", name="New customer").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Lee Park")
    page.get_by_label("Phone (optional)").fill("312 555 0142")
    page.get_by_role("button", name="Add customer", exact=True).last.click()
    expect(page.locator(".pos-cart-head")).to_contain_text("Lee Park")
    scan(page, "GS-1046")
    settled(page)
    page.keyboard.press("F8")
    page.get_by_role("button", name="Exact").click()
    page.get_by_role("link", name="Open sale").click()
    expect(page.locator("aside")).to_contain_text("Lee Park")
    assert register.faults == []
