"""A store with several tills, written straight into the tables: each till has its drawer, open session and token."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Engine

from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.domains.inventory.models import StockMovement
from lunarfront.kernel.auth.models import ApiToken
from lunarfront.kernel.auth.secrets import new_secret
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.tenancy.models import Terminal
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.goods import add_category, add_item, add_stock
from lunarfront.sdk.testing.world import CompanyWorld, make_world

ITEMS = 200
STOCK, COST = Decimal(1_000_000), Decimal("3.21")


@dataclass(frozen=True)
class Till:
    """A till with a cashier's token."""

    terminal_id: UUID
    session_id: UUID
    token: str


@dataclass(frozen=True)
class Shop:
    """A company with tills and stocked goods."""

    company: CompanyWorld
    tills: list[Till]
    variants: list[UUID]


def make_shop(engine: Engine, app_url: str, tills: int) -> Shop:
    """Write company, goods with their opening stock, and tills with open drawers."""
    company = make_world(app_url).company
    with UnitOfWork(engine, company.id) as uow:
        day = utc_now().date()
        category = add_category(uow)
        variants = [_add_goods(uow, company, category, i, day) for i in range(ITEMS)]
        uow.flush()
        made = [_add_till(uow, company, i, utc_now()) for i in range(tills)]
        uow.commit()
    return Shop(company, made, variants)


def _add_goods(uow: UnitOfWork, company: CompanyWorld, category: UUID, index: int, day: date) -> UUID:
    price = Decimal(random.Random(index).randrange(99, 9999)) / 100
    variant = add_item(uow, category, f"ITEM-{index:04d}", str(price))
    value = STOCK * COST
    add_stock(uow, variant, company.location_id, str(STOCK), str(value))
    uow.add(
        StockMovement, variant_id=variant, location_id=company.location_id, kind="opening", qty=STOCK, value=value,
        qty_after=STOCK, value_after=value, source_type="opening_stock", source_id=uuid7(), business_date=day,
    )  # fmt: skip
    return variant


def _add_till(uow: UnitOfWork, company: CompanyWorld, index: int, now: datetime) -> Till:
    cashier = company.people["staff"]
    drawer = uow.add(Drawer, location_id=company.location_id, name=f"Bench {index}")
    terminal = uow.add(
        Terminal, location_id=company.location_id, code=f"B{index}", name=f"Bench {index}", drawer_id=drawer
    )
    session = uow.add(
        DrawerSession, drawer_id=drawer, terminal_id=terminal, location_id=company.location_id, status="open",
        opened_by=cashier.id, opened_at=now, business_date=now.date(), opening_float=Decimal("100.00"),
    )  # fmt: skip
    secret = new_secret(uow.company_id)
    uow.add(
        ApiToken, user_id=cashier.id, name=f"bench {index}", hash=secret.hash, terminal_id=terminal,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    return Till(terminal, session, secret.text)
