"""Reads of the category tree."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import Category
from lunarfront.domains.catalog.rules import subtree
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.text import folded

SORTS = {"name": Category.name, "sort": Category.sort, "created_at": Category.created_at}


def list_categories(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of categories, by default in the order that the company gave them."""
    statement = select(Category)
    for name in ("parent_id", "is_active", "legacy_source", "legacy_id"):
        if name in query:
            statement = statement.where(getattr(Category, name) == query[name])
    if "top" in query:
        is_top = Category.parent_id.is_(None)
        statement = statement.where(is_top if query["top"] else ~is_top)
    if "q" in query:
        statement = statement.where(Category.id.in_(_named(ctx, query["q"])))
    return paginate(
        ctx, statement, query, sorts=SORTS, key=Category.id, default_sort="sort", shape=lambda row: row[0]
    )


def _named(ctx: CompanyContext, text: str) -> list[UUID]:
    wanted = folded(text)
    rows = ctx.uow.session.execute(select(Category.id, Category.name))
    return [row.id for row in rows if wanted in folded(row.name)]


def parents(ctx: CompanyContext, *, lock: bool = False) -> dict[UUID, UUID | None]:
    """Return every category with its parent; ``lock`` holds the tree until the end of the transaction."""
    statement = select(Category.id, Category.parent_id).order_by(Category.id)
    rows = ctx.uow.session.execute(statement.with_for_update() if lock else statement)
    return {row.id: row.parent_id for row in rows}


def with_all_below(ctx: CompanyContext, category_id: UUID) -> set[UUID]:
    """Return a category's id with those of all categories below it."""
    return subtree(parents(ctx), category_id)
