"""A committed shop in a database of its own, with open drawers at several tills."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.tenancy.models import Terminal
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.goods import add_category, add_item, add_stock
from lunarfront.sdk.testing.plugin import RealDb


@dataclass
class Shop:
    """Tills with open drawers and one stocked item."""

    realdb: RealDb
    tills: list[UUID]
    item: UUID

    def client(self, till: int = 0, role: str = "admin") -> ApiClient:
        """Return a client at one of the tills."""
        return ApiClient(self.realdb.app, self.realdb.world.company.people[role].token, self.tills[till])

    def sale(self, qty: str = "1", **more: Any) -> dict[str, Any]:
        """Return a whole cash sale of the item."""
        return {
            "client_uuid": str(uuid4()),
            "lines": [{"variant_id": str(self.item), "qty": qty}],
            "tenders": [{"type": "cash", "tendered": "1000.00"}],
            "complete": True,
        } | more

    def query(self, sql: str) -> Any:
        """Read by a connection of its own."""
        with UnitOfWork(self.realdb.engine, self.realdb.world.company.id) as uow:
            return uow.query(sql)


@pytest.fixture
def shop(realdb: RealDb) -> Shop:
    """Four tills with open drawers, and an item with a stock of eight."""
    company = realdb.world.company
    with UnitOfWork(realdb.engine, company.id) as uow:
        tills = [company.terminal_id]
        drawers = [company.drawer_id]
        for number in range(2, 5):
            drawers.append(uow.add(Drawer, location_id=company.location_id, name=f"Drawer {number}"))
            tills.append(
                uow.add(
                    Terminal,
                    location_id=company.location_id,
                    code=f"T{number}",
                    name="Till",
                    drawer_id=drawers[-1],
                )
            )
        uow.flush()
        for till, drawer in zip(tills, drawers, strict=True):
            uow.add(
                DrawerSession,
                drawer_id=drawer,
                terminal_id=till,
                location_id=company.location_id,
                status="open",
                opened_by=company.people["admin"].id,
                opened_at=utc_now(),
                business_date=utc_now().date(),
                opening_float="0.00",
            )
        item = add_item(uow, add_category(uow), "A", "10.00")
        add_stock(uow, item, company.location_id, "8", "40.00")
        uow.execute("""UPDATE company SET settings = '{"negative_stock": "block"}'""")
        uow.commit()
    return Shop(realdb, tills, item)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run all calls in threads of their own and return their results."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]
