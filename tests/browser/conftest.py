"""Browser tests: the real application on a loopback port with its own database, driven by an installed chromium."""

import os
import shutil
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import create_engine
from waitress.server import create_server

from lunarfront.app import create_app
from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.goods import add_category, add_item, add_stock
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld

AXE = Path("node_modules/axe-core/axe.min.js")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: SKU -> price, on hand
ITEMS = {
    "GS-1046": ("9.99", "40"),
    "TN-002": ("17.99", "12"),
    "CB-10": ("24.95", "27"),
    "RD-25": ("28.00", "9"),
}


def chromium() -> str | None:
    """Return the browser to use."""
    return os.environ.get("LUNARFRONT_CHROMIUM") or shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are left out with a loud line; continuous integration has one or fails."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
    if chromium() is None and os.environ.get("CI") != "true":
        warnings.warn("NO BROWSER: tests marked `browser` are left out", stacklevel=1)
        items[:] = [item for item in items if "tests/browser/" not in item.nodeid]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the browser: the installed one, never a download."""
    return {"executable_path": chromium(), "args": ARGUMENTS, "headless": True}


@dataclass(frozen=True)
class Shop:
    """A running store: where it is, its company, and the variants by SKU."""

    url: str
    company: CompanyWorld
    items: dict[str, str]
    open_drawer: Callable[[], None]


@pytest.fixture
def shop(server: TestServer) -> Iterator[Shop]:
    """The application with a few items in stock, on a free port."""
    with server.clone() as urls:
        engine = create_engine(urls.app_url, pool_size=8)
        app = create_app(server.settings, urls.app_url, bind=engine, testing=True)
        company = server.world.company
        web = create_server(app, host="127.0.0.1", port=0, threads=8)
        thread = threading.Thread(target=web.run, daemon=True)
        thread.start()
        try:
            items = _stock(engine, company)
            url = f"http://127.0.0.1:{web.effective_port}"
            yield Shop(url, company, items, lambda: _open_drawer(engine, company))
        finally:
            web.close()
            thread.join(timeout=5)
            engine.dispose()


def _stock(engine: Any, company: CompanyWorld) -> dict[str, str]:
    with UnitOfWork(engine, company.id) as uow:
        category = add_category(uow)
        ids = {}
        for sku, (price, on_hand) in ITEMS.items():
            ids[sku] = add_item(uow, category, sku, price)
            add_stock(uow, ids[sku], company.location_id, on_hand, "100.00")
        uow.commit()
    return {sku: str(item) for sku, item in ids.items()}


def _open_drawer(engine: Any, company: CompanyWorld) -> None:
    now = utc_now()
    with UnitOfWork(engine, company.id) as uow:
        uow.add(
            DrawerSession,
            drawer_id=company.drawer_id,
            terminal_id=company.terminal_id,
            location_id=company.location_id,
            status="open",
            opened_by=company.people["manager"].id,
            opened_at=now,
            business_date=now.date(),
            opening_float="100.00",
        )
        uow.commit()


@dataclass
class Person:
    """Somebody at a browser; ``faults`` collects what the console and the policy complain about."""

    page: Page
    url: str
    faults: list[str]

    def open(self, path: str) -> None:
        """Go to a page and wait until it rests."""
        self.page.goto(self.url + path, wait_until="networkidle")


@pytest.fixture
def sign_in(browser: Browser, shop: Shop) -> Iterator[Callable[..., Person]]:
    """``sign_in("staff")``: a browser context in which a person of that role has signed in."""
    contexts: list[BrowserContext] = []

    def make(role: str, **options: Any) -> Person:
        context = browser.new_context(**options)
        contexts.append(context)
        person = Person(context.new_page(), shop.url, [])
        _listen(person)
        person.open("/login")
        person.page.fill("[name=email]", shop.company.people[role].email)
        person.page.fill("[name=password]", PASSWORD)
        person.page.click("button[type=submit]")
        person.page.wait_for_url(lambda url: not url.endswith("/login"))
        return person

    yield make
    for context in contexts:
        context.close()


def _listen(person: Person) -> None:
    def note(message: Any) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            person.faults.append(message.text)

    person.page.on("console", note)
    person.page.on("pageerror", lambda error: person.faults.append(str(error)))
