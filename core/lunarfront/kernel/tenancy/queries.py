"""Lists of the organisation."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.tenancy.models import Location, ReasonCode, Terminal


def list_locations(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of locations."""
    return _page(ctx, Location, query, name=Location.name, wanted=("is_active",))


def list_terminals(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of terminals."""
    page = _page(ctx, Terminal, query, name=Terminal.name, wanted=("is_active", "location_id"))
    return page | {"items": [terminal_row(terminal) for terminal in page["items"]]}


def list_reasons(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of reasons."""
    return _page(ctx, ReasonCode, query, name=ReasonCode.label, wanted=("is_active", "kind"))


def terminal_row(terminal: Terminal) -> dict[str, Any]:
    """Return a terminal as it is shown: whether it has a key, never the key's hash."""
    names = (
        "id created_at updated_at version location_id code name kind drawer_id last_seen_at is_active archived_at "
        "legacy_id legacy_source"
    ).split()
    shown = {name: getattr(terminal, name) for name in names}
    return shown | {"is_paired": terminal.device_key_hash is not None}


def _page(
    ctx: CompanyContext, model: Any, query: Mapping[str, Any], *, name: Any, wanted: tuple[str, ...]
) -> dict[str, Any]:
    statement = select(model).where(*(getattr(model, key) == query[key] for key in wanted if key in query))
    if query.get("q"):
        text = query["q"]
        statement = statement.where(
            or_(name.icontains(text, autoescape=True), model.code.icontains(text, autoescape=True))
        )
    return paginate(
        ctx,
        statement,
        query,
        sorts={"code": model.code, "name": name, "created_at": model.created_at},
        key=model.id,
        default_sort="code",
        shape=lambda row: row[0],
    )
