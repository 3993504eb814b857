"""Loads the demo store through the public API, so that audit, stock and journal agree with what is in it."""

from typing import Any

from lunarfront.builtin.demo.api import Door
from lunarfront.builtin.demo.goods import load_categories, load_products, load_suppliers
from lunarfront.builtin.demo.organisation import bind_discounts
from lunarfront.builtin.demo.state import DemoStore
from lunarfront.kernel.uow import UnitOfWork


def load(door: Door, store: DemoStore, engine: Any) -> None:
    """Load goods, stock, customers and today's sales into a store that has its organisation only."""
    api = door(store.api_token)
    categories = load_categories(api)
    with UnitOfWork(engine, store.company_id) as uow:
        bind_discounts(uow, categories)
        uow.commit()
    load_products(api, categories, load_suppliers(api))
