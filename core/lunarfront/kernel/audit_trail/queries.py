"""Reads of the audit trail and of the field history, newest first."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Text, Uuid, and_, cast, func, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.records import AuditLog, AuditSeal, ChangeLog

#: Ids are made in order of time, and the primary key sorts by them: no further index is needed.
_TRAIL_SORTS: dict[str, ColumnElement[Any]] = {"id": type_coerce(AuditLog.id, Uuid(as_uuid=False))}
_HISTORY_SORTS: dict[str, ColumnElement[Any]] = {"id": type_coerce(ChangeLog.id, Uuid(as_uuid=False))}
_COLUMNS = tuple(column.name for column in AuditLog.__table__.columns)
_SAME = ("user_id", "entity_type", "entity_id", "location_id", "actor")


def list_audit(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the trail (AUD-05)."""
    statement = trail(ctx, query)
    if query.get("q"):
        statement = statement.where(_mentions(query["q"]))
    return paginate(
        ctx, statement, query, sorts=_TRAIL_SORTS, key=type_coerce(AuditLog.id, Uuid()), default_sort="-id",
        shape=audit_row,
    )  # fmt: skip


def trail(ctx: CompanyContext, wanted: Mapping[str, Any]) -> Any:
    """Return the select of row and number under the filters, without order."""
    is_seal = and_(AuditSeal.company_id == AuditLog.company_id, AuditSeal.row_id == AuditLog.id)
    statement = select(AuditLog, AuditSeal.seq).outerjoin(AuditSeal, is_seal)
    if ctx.rights.location_ids is not None:
        statement = statement.where(AuditLog.location_id.in_(ctx.rights.location_ids))
    for name in _SAME:
        if wanted.get(name) is not None:
            statement = statement.where(getattr(AuditLog, name) == wanted[name])
    return statement.where(*_conditions(wanted))


def _conditions(wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.get("since"):
        found.append(AuditLog.occurred_at >= wanted["since"])
    if wanted.get("until"):
        found.append(AuditLog.occurred_at < wanted["until"])
    if wanted.get("action"):
        area = AuditLog.action.startswith(wanted["action"] + ".", autoescape=True)
        found.append(or_(AuditLog.action == wanted["action"], area))
    if wanted.get("amount") is not None:
        found.append(_has_amount(wanted["amount"]))
    return found


def _has_amount(amount: Decimal) -> ColumnElement[bool]:
    """An amount anywhere in the old or new values, where it is text with two decimals (MON-04)."""
    path = cast("$.** ? (@ == $amount)", JSONPATH)
    variables = cast({"amount": f"{amount:.2f}"}, JSONB)
    return or_(*[func.jsonb_path_exists(values, path, variables) for values in (AuditLog.old, AuditLog.new)])


def _mentions(text: str) -> ColumnElement[bool]:
    columns = (AuditLog.actor, AuditLog.action, AuditLog.note, AuditLog.entity_type)
    return or_(*[column.icontains(text, autoescape=True) for column in columns])


def audit_row(row: Any) -> dict[str, Any]:
    """Return what is shown of a row of ``trail``."""
    entry: AuditLog = row[0]
    return {name: getattr(entry, name) for name in _COLUMNS} | {"seq": row.seq, "ip": _address(entry.ip)}


def _address(ip: Any) -> str | None:
    return None if ip is None else str(ip).removesuffix("/32").removesuffix("/128")


def list_changes(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the field history (AUD-07)."""
    statement = select(ChangeLog)
    for name in ("table_name", "row_id", "user_id"):
        if query.get(name) is not None:
            statement = statement.where(getattr(ChangeLog, name) == query[name])
    if query.get("since"):
        statement = statement.where(ChangeLog.created_at >= query["since"])
    if query.get("until"):
        statement = statement.where(ChangeLog.created_at < query["until"])
    if query.get("q"):
        texts = (ChangeLog.field, cast(ChangeLog.old, Text), cast(ChangeLog.new, Text))
        statement = statement.where(or_(*[text.icontains(query["q"], autoescape=True) for text in texts]))
    return paginate(
        ctx, statement, query, sorts=_HISTORY_SORTS, key=type_coerce(ChangeLog.id, Uuid()), default_sort="-id",
        shape=lambda row: row[0],
    )  # fmt: skip
