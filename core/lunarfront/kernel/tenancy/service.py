"""Use cases of the organisation: company and its settings, locations, terminals, reason codes (ORG-01 to ORG-03)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.kernel import audit, editing
from lunarfront.kernel.api.db_errors import describe_constraint
from lunarfront.kernel.auth.secrets import DEVICE_PREFIX, new_secret
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.db import db
from lunarfront.kernel.problems import Problem, invalid, not_found
from lunarfront.kernel.settings import DEFAULTS, checked
from lunarfront.kernel.tenancy.models import Company, Location, ReasonCode, Terminal

describe_constraint("location_company_id_code_key", "conflict", "code", "Another location has this code.")
describe_constraint(
    "terminal_company_id_location_id_code_key",
    "conflict",
    "code",
    "Another terminal of this location has this code.",
)
describe_constraint(
    "reason_code_company_id_kind_code_key",
    "conflict",
    "code",
    "There is a reason with this code for this kind.",
)
describe_constraint(
    "location_trade_in_check",
    "validation_failed",
    "trade_in_reduces_tax",
    "A trade-in reduces tax only where prices are without tax.",
)
#: A row in one of these is financial: its amounts are in the company's currency (ORG-03).
FINANCIAL = (
    "journal_entry",
    "transaction",
    "drawer_session",
    "stored_value_entry",
    "stock_movement",
    "invoice",
)
INCREMENTS = tuple(map(Decimal, ("0.01", "0.05", "0.10", "0.50", "1.00")))


# --- company and settings -------------------------------------------------------------------------------------


def company_out(ctx: CompanyContext) -> dict[str, Any]:
    """Return the company with every setting."""
    return _shape(_company(ctx))


def _company(ctx: CompanyContext) -> Company:
    return ctx.uow.session.execute(select(Company).where(Company.id == ctx.company.id)).scalar_one()


def _shape(company: Company) -> dict[str, Any]:
    names = "id created_at updated_at version name legal_name currency country default_timezone tax_id is_demo".split()
    return {name: getattr(company, name) for name in names} | {"settings": {**DEFAULTS, **company.settings}}


def change_company(ctx: CompanyContext, version: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change the company or some of its settings; each change leaves an audit row (AUD-02).

    Raises:
        Problem: ``version_conflict``, ``setting_invalid``, ``unknown_field``; ``conflict`` for another currency
            after the first financial row (ORG-03).
    """
    company = _company(ctx)
    if company.version != version:
        raise Problem("version_conflict", extra={"current_version": company.version})
    values = {name: value for name, value in body.items() if name != "settings"}
    if values.get("currency", company.currency) != company.currency:
        _refuse_new_currency(ctx)
    old, new = audit.changes({name: getattr(company, name) for name in values}, values)
    for name, value in new.items():
        setattr(company, name, value)
    old_settings, new_settings = _change_settings(company, body.get("settings", {}))
    if new:
        audit.record(ctx, "company.changed", "company", company.id, old=old, new=new)
    if new_settings:
        audit.record(ctx, "settings.changed", "company", company.id, old=old_settings, new=new_settings)
    if new or new_settings:
        company.updated_at = ctx.now
    ctx.uow.session.flush()
    return _shape(company)


def _refuse_new_currency(ctx: CompanyContext) -> None:
    for name in FINANCIAL:
        table = db.metadata.tables[name]
        if ctx.uow.session.execute(select(table.c.id).limit(1)).first():
            raise Problem("conflict", "The currency cannot change any more: there are amounts in it.")


def _change_settings(company: Company, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep what differs from the shipped defaults; return old and new of the settings that changed."""
    before = {**DEFAULTS, **company.settings}
    old, new = audit.changes(before, checked(changes))
    kept = {name: value for name, value in {**before, **new}.items() if value != DEFAULTS[name]}
    if new:
        company.settings = kept
    return old, new


# --- locations ------------------------------------------------------------------------------------------------


def create_location(ctx: CompanyContext, body: Mapping[str, Any]) -> Location:
    """Create a location; without a zone it takes the company's.

    Raises:
        Problem: ``validation_failed``, ``conflict`` for a taken code.
    """
    values = {"timezone": ctx.company.timezone} | dict(body)
    _check_rounding(values)
    location = Location(**values)
    _insert(ctx, location)
    audit.record(ctx, "location.created", "location", location.id, new=_jsonable(values))
    return location


def change_location(
    ctx: CompanyContext, location_id: UUID, version: int, body: Mapping[str, Any]
) -> Location:
    """Change a location. Transactions copy what they need, so stored rows never change (ORG-02).

    Raises:
        Problem: ``not_found``, ``version_conflict``; ``conflict`` when archived with terminals in use.
    """
    location = editing.load_for_edit(ctx, Location, location_id, version)
    _check_rounding(body)
    values = dict(body)
    if "is_active" in values:
        values |= editing.active_values(ctx, values["is_active"])
        if not values["is_active"]:
            _refuse_used(ctx, location_id)
    old, new = editing.apply(ctx, location, values)
    if new:
        audit.record(ctx, "location.changed", "location", location_id, old=_jsonable(old), new=_jsonable(new))
    return location


def _check_rounding(values: Mapping[str, Any]) -> None:
    if values.get("cash_rounding_increment", INCREMENTS[0]) not in INCREMENTS:
        raise invalid(
            "cash_rounding_increment", "validation_failed", f"One of: {', '.join(map(str, INCREMENTS))}."
        )


def _refuse_used(ctx: CompanyContext, location_id: UUID) -> None:
    used = select(Terminal.id).where(Terminal.location_id == location_id, Terminal.is_active).limit(1)
    if ctx.uow.session.execute(used).first():
        raise Problem("conflict", "Archive the terminals of this location first.")


def _insert(ctx: CompanyContext, row: Any) -> None:
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    ctx.uow.session.refresh(row)


def _jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        n: v.isoformat("minutes") if n == "day_cutoff" and v is not None else v for n, v in values.items()
    }


# --- terminals ------------------------------------------------------------------------------------------------


def create_terminal(ctx: CompanyContext, body: Mapping[str, Any]) -> Terminal:
    """Create a terminal of an active location (ORG-01).

    Raises:
        Problem: ``not_found`` for the location or drawer, ``conflict`` for a taken code.
    """
    location = editing.load(ctx, Location, body["location_id"])
    if not location.is_active:
        raise Problem("conflict", "This location is archived.")
    _check_drawer(ctx, body.get("drawer_id"), location.id)
    terminal = Terminal(**body)
    _insert(ctx, terminal)
    audit.record(ctx, "terminal.created", "terminal", terminal.id, new=dict(body))
    return terminal


def change_terminal(
    ctx: CompanyContext, terminal_id: UUID, version: int, body: Mapping[str, Any]
) -> Terminal:
    """Change a terminal; an archived one loses its device key.

    Raises:
        Problem: ``not_found``, ``version_conflict``; ``conflict`` while its drawer session is open.
    """
    terminal = editing.load_for_edit(ctx, Terminal, terminal_id, version)
    values = dict(body)
    if "drawer_id" in values and values["drawer_id"] != terminal.drawer_id:
        _refuse_open_drawer(ctx, terminal_id)
        _check_drawer(ctx, values["drawer_id"], terminal.location_id)
    if "is_active" in values:
        values |= editing.active_values(ctx, values["is_active"])
        if not values["is_active"]:
            _refuse_open_drawer(ctx, terminal_id)
            terminal.device_key_hash = None
    old, new = editing.apply(ctx, terminal, values)
    if new:
        audit.record(ctx, "terminal.changed", "terminal", terminal_id, old=old, new=new)
    return terminal


def _check_drawer(ctx: CompanyContext, drawer_id: UUID | None, location_id: UUID) -> None:
    """The drawer's table belongs to a domain above: only its columns are read here."""
    if drawer_id is None:
        return
    drawer = db.metadata.tables["drawer"]
    here = select(drawer.c.location_id).where(drawer.c.id == drawer_id)
    found = ctx.uow.session.execute(here).scalar_one_or_none()
    if found is None:
        raise not_found()
    if found != location_id:
        raise invalid("drawer_id", "validation_failed", "This drawer stands at another location.")


def _refuse_open_drawer(ctx: CompanyContext, terminal_id: UUID) -> None:
    sessions = db.metadata.tables["drawer_session"]
    is_open = select(sessions.c.id).where(
        sessions.c.terminal_id == terminal_id, sessions.c.status != "closed"
    )
    if ctx.uow.session.execute(is_open.limit(1)).first():
        raise Problem("conflict", "Close the drawer session of this terminal first.")


def pair_terminal(ctx: CompanyContext, terminal_id: UUID) -> dict[str, Any]:
    """Give a terminal a new device key; a device with the old one is unpaired by it (USR-07).

    Raises:
        Problem: ``not_found``, ``conflict`` for an archived terminal.
    """
    terminal = editing.load(ctx, Terminal, terminal_id)
    if not terminal.is_active:
        raise Problem("conflict", "This terminal is archived.")
    secret = new_secret(ctx.company.id, DEVICE_PREFIX)
    terminal.device_key_hash, terminal.pin_failures = secret.hash, 0
    audit.record(ctx, "terminal.paired", "terminal", terminal_id)
    return {"terminal_id": terminal_id, "device_key": secret.text}


def unpair_terminal(ctx: CompanyContext, terminal_id: UUID) -> None:
    """Take a terminal's device key away."""
    terminal = editing.load(ctx, Terminal, terminal_id)
    terminal.device_key_hash = None
    audit.record(ctx, "terminal.unpaired", "terminal", terminal_id)


# --- reason codes ---------------------------------------------------------------------------------------------


def create_reason(ctx: CompanyContext, body: Mapping[str, Any]) -> ReasonCode:
    """Create a reason of a kind that exists; what has no kind is asked for nowhere (GEN-05).

    Raises:
        Problem: ``validation_failed`` for an unknown kind, ``conflict`` for a taken code.
    """
    known = select(ReasonCode.id).where(ReasonCode.kind == body["kind"]).limit(1)
    if ctx.uow.session.execute(known).first() is None:
        raise invalid("kind", "validation_failed", "There are no reasons of this kind.")
    reason = ReasonCode(**body)
    _insert(ctx, reason)
    audit.record(ctx, "reason_code.created", "reason_code", reason.id, new=dict(body))
    return reason


def change_reason(ctx: CompanyContext, reason_id: UUID, version: int, body: Mapping[str, Any]) -> ReasonCode:
    """Change a reason; one in use is switched off, never removed (GEN-04)."""
    reason = editing.load_for_edit(ctx, ReasonCode, reason_id, version)
    old, new = editing.apply(ctx, reason, body)
    if new:
        audit.record(ctx, "reason_code.changed", "reason_code", reason_id, old=old, new=new)
    return reason
