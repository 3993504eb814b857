"""Goods with stock for the tests of its reads; rows are written as the stock's own services write them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lunarfront.domains.inventory.models import InventoryUnit, StockBalance, StockMovement
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.text import identifier_key
from lunarfront.sdk.testing.world import CompanyWorld
from tests.domains.goods import body, category, make

__all__ = ["body", "category", "make"]


@pytest.fixture
def put(ctx: CompanyContext, company: CompanyWorld) -> Callable[..., UUID]:
    """``put(variant_id, "5", "10.00")``: stock with its movement; returns the balance's id."""

    def add(variant_id: str, qty: str, value: str = "0.00", **columns: Any) -> UUID:
        here = {"variant_id": UUID(variant_id), "location_id": company.location_id}
        balance = ctx.uow.add(
            StockBalance, **here, qty_on_hand=Decimal(qty), pool_value=Decimal(value), **columns
        )
        ctx.uow.add(
            StockMovement,
            **here,
            kind="receive",
            qty=qty,
            value=value,
            qty_after=qty,
            value_after=value,
            source_type="test",
            source_id=uuid7(),
            business_date=date(2026, 11, 24),
        )
        ctx.uow.flush()
        return balance

    return add


@pytest.fixture
def unit(ctx: CompanyContext, company: CompanyWorld) -> Callable[..., UUID]:
    """``unit(variant_id, "SN-1")``: an available unit in new condition."""

    def add(variant_id: str, serial: str, status: str = "available", cost: str = "50.00") -> UUID:
        slugs = {"status": status, "condition": "new"}
        ids = ctx.uow.query(
            "SELECT s.id AS status, c.id AS condition FROM unit_status s, item_condition c "
            "WHERE s.slug = %(status)s AND c.slug = %(condition)s",
            slugs,
        )[0]
        unit_id = ctx.uow.add(
            InventoryUnit,
            variant_id=UUID(variant_id),
            location_id=company.location_id,
            serial=serial,
            serial_key=identifier_key(serial),
            status_id=ids.status,
            condition_id=ids.condition,
            cost=cost,
        )
        ctx.uow.flush()
        return unit_id

    return add
