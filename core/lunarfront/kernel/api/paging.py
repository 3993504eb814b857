"""Keyset paging of lists: ``limit``, ``cursor``, ``sort``, ``q``, ``filter[x]``, ``total`` (domain-core.md §9)."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import marshmallow as ma
from sqlalchemy import ColumnElement, func, select, tuple_

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

MAX_LIMIT, DEFAULT_LIMIT, TOTAL_CAP = 200, 50, 10_000


class ListQuery(LfSchema):
    """Query string of every list; resources add their ``filter[…]`` fields."""

    limit = f.Integer(low=1, high=MAX_LIMIT, lenient=True, load_default=DEFAULT_LIMIT)
    cursor = f.Text(max_length=2000)
    sort = f.Text(max_length=40)
    q = f.Text(max_length=200)
    total = f.Flag(load_default=False)


def page_schema(item: type[ma.Schema]) -> type[ma.Schema]:
    """Return the answer schema of a list of ``item``."""
    make: Any = type(item)
    schema: type[ma.Schema] = make(
        item.__name__.removesuffix("Out") + "Page",
        (LfSchema,),
        {
            "items": ma.fields.List(ma.fields.Nested(item)),
            "next_cursor": ma.fields.String(allow_none=True),
            "total": ma.fields.Integer(),
            "total_capped": ma.fields.Boolean(),
        },
    )
    return schema


def paginate(
    ctx: CompanyContext,
    statement: Any,
    query: Mapping[str, Any],
    *,
    sorts: Mapping[str, Any],
    key: Any,
    default_sort: str,
    shape: Callable[[Any], Any] = lambda row: row,
) -> dict[str, Any]:
    """Run one page of a list by keyset, newest state, stable order.

    Args:
        ctx: the context; its company filter applies.
        statement: the select with its filters, without order and limit.
        query: a loaded ``ListQuery``.
        sorts: public sort names to columns (not null); ``-name`` sorts downwards.
        key: the id column that makes the order total.
        default_sort: used when none is asked for.
        shape: turns a result row into what the schema dumps.

    Raises:
        Problem: ``validation_failed`` for an unknown sort or a broken cursor.
    """
    column, descending, sort = _sort(query.get("sort") or default_sort, sorts)
    limit = query["limit"]
    page = statement.add_columns(column.label("_sort"), key.label("_key"))
    if query.get("cursor"):
        page = page.where(_after(column, key, descending, _decode(query["cursor"], sort)))
    order = (column.desc(), key.desc()) if descending else (column, key)
    rows = ctx.uow.session.execute(page.order_by(*order).limit(limit + 1)).all()
    answer: dict[str, Any] = {"items": [shape(row) for row in rows[:limit]], "next_cursor": None}
    if len(rows) > limit:
        answer["next_cursor"] = _encode(sort, rows[limit - 1]._sort, rows[limit - 1]._key)
    return answer | (_total(ctx, statement) if query.get("total") else {})


def _sort(text: str, sorts: Mapping[str, Any]) -> tuple[Any, bool, str]:
    name = text.removeprefix("-")
    if name not in sorts:
        raise Problem("validation_failed", f"Sort by one of: {', '.join(sorted(sorts))}.")
    return sorts[name], text.startswith("-"), text


def _after(column: Any, key: Any, descending: bool, position: Sequence[Any]) -> ColumnElement[bool]:
    from sqlalchemy import literal

    here = tuple_(column, key)
    there = tuple_(literal(position[0], column.type), literal(position[1], key.type))
    return here < there if descending else here > there


def _encode(sort: str, value: Any, key: UUID) -> str:
    text = json.dumps([sort, _plain(value), str(key)])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def _decode(cursor: str, sort: str) -> list[Any]:
    try:
        made_for, value, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if made_for != sort:
            raise ValueError("another order")
        return [_typed(value), UUID(key)]
    except (ValueError, TypeError, AttributeError) as error:
        raise Problem("validation_failed", "This cursor belongs to another list or order.") from error


def _typed(value: Any) -> Any:
    if isinstance(value, dict | list) or value is None or (isinstance(value, str) and "\x00" in value):
        raise ValueError("not a position")
    return value


def _total(ctx: CompanyContext, statement: Any) -> dict[str, Any]:
    capped = statement.order_by(None).limit(TOTAL_CAP + 1).subquery()
    count = ctx.uow.session.execute(select(func.count()).select_from(capped)).scalar_one()
    return {"total": min(count, TOTAL_CAP), "total_capped": count > TOTAL_CAP}
