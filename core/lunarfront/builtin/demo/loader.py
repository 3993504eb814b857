"""Loads the demo store through the public API, so that audit, stock and journal agree with what is in it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from lunarfront.builtin.demo.api import Door
from lunarfront.builtin.demo.customers import load_customers
from lunarfront.builtin.demo.goods import load_categories, load_products, load_supplier_items, load_suppliers
from lunarfront.builtin.demo.organisation import bind_discounts
from lunarfront.builtin.demo.source import store
from lunarfront.builtin.demo.state import DemoStore
from lunarfront.builtin.demo.stock import load_stock
from lunarfront.builtin.demo.trading import Trade
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.auth.rights import load_rights
from lunarfront.kernel.context import CompanyContext, UserInfo
from lunarfront.kernel.tenancy.contexts import job_context
from lunarfront.kernel.uow import UnitOfWork


def load(door: Door, opened: DemoStore, engine: Any) -> None:
    """Load goods, stock, customers and today's sales into a store that has its organisation only."""
    api = door(opened.api_token)
    categories = load_categories(api)
    suppliers, variants = load_suppliers(api), load_products(api, categories)
    with UnitOfWork(engine, opened.company_id) as uow:
        bind_discounts(uow, categories)
        ctx = _as_admin(uow)
        load_supplier_items(ctx, suppliers, variants)
        load_stock(ctx, variants, opened.locations)
        uow.commit()
    Trade(door, opened, variants, load_customers(api)).run()


def _as_admin(uow: UnitOfWork) -> CompanyContext:
    person = next(person for person in store()["people"] if person["role"] == "admin")
    user = uow.session.execute(select(User).where(User.email == person["email"])).scalar_one()
    ctx = job_context(uow, actor=person["email"], request_id="demo")
    return replace(ctx, user=UserInfo(user.id, user.full_name, user.email), rights=load_rights(uow, user.id))
