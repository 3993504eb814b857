"""Statement 1 of a request: company set, session checked, context built (hot-path.md §2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel.auth.credentials import Credential
from lunarfront.kernel.auth.rights import pin_rights, rights_of, token_rights, without_second_factor
from lunarfront.kernel.context import (
    CompanyContext,
    CompanyInfo,
    LocationInfo,
    Rights,
    SessionInfo,
    TerminalInfo,
    UserInfo,
)
from lunarfront.kernel.uow import UnitOfWork

_OPEN = """
SELECT lf_request_open(%(company)s, %(kind)s, %(hash)s, %(session)s, %(terminal)s, %(scope)s, %(key)s) AS state
"""


@dataclass(frozen=True)
class RequestMeta:
    """What the context takes from a request: idempotency scope and key, terminal asked for, id, address."""

    request_id: str
    scope: str
    key: str | None = None
    terminal_id: UUID | None = None
    ip: str | None = None


@dataclass(frozen=True)
class Opened:
    """An open context with the state of its idempotency key (None without key)."""

    ctx: CompanyContext
    idem: Mapping[str, Any] | None


def open_request(uow: UnitOfWork, credential: Credential, meta: RequestMeta, now: datetime) -> Opened | None:
    """Open a unit of work for a request; None when the session, its user or token is not valid (any more)."""
    uow.session.info["opens_itself"] = True
    params = {
        "company": credential.company_id,
        "kind": credential.kind,
        "hash": credential.hash,
        "session": credential.session_id,
        "terminal": meta.terminal_id,
        "scope": meta.scope,
        "key": meta.key,
    }
    state = uow.query(_OPEN, params)[0].state
    if state is None:
        return None
    ctx = _context(uow, state, meta, now)
    return Opened(ctx, state["idem"])


def _context(uow: UnitOfWork, state: Mapping[str, Any], meta: RequestMeta, now: datetime) -> CompanyContext:
    company = _company(uow.company_id, state["company"])
    user = state["user"]
    user_id = UUID(user["id"])
    return CompanyContext(
        company=company,
        uow=uow,
        user=UserInfo(user_id, user["full_name"], user["email"], user["locale"], user["theme"]),
        rights=_session_rights(
            rights_of(uow, user_id, company.rights_version), state["session"], company.settings
        ),
        location=_location(state["location"]),
        terminal=_terminal(state["terminal"]),
        session=_session(state["session"]),
        request_id=meta.request_id,
        ip=meta.ip,
        actor=user["email"] or user["full_name"],
        now=now,
    )


def _session_rights(rights: Rights, session: Mapping[str, Any], settings: Mapping[str, Any]) -> Rights:
    if session["kind"] == "pin":
        return pin_rights(rights)
    if session["kind"] in ("web", "api") and settings.get("mfa_required_for_admins"):
        rights = without_second_factor(rights)
    return token_rights(rights, frozenset(session["scopes"])) if session["scopes"] is not None else rights


def _company(company_id: UUID, row: Mapping[str, Any]) -> CompanyInfo:
    return CompanyInfo(
        id=company_id,
        name=row["name"],
        currency=row["currency"],
        country=row["country"],
        timezone=row["default_timezone"],
        settings=row["settings"],
        catalog_version=row["catalog_version"],
        rights_version=row["rights_version"],
        is_demo=row["is_demo"],
    )


def _location(row: Mapping[str, Any] | None) -> LocationInfo | None:
    if row is None:
        return None
    return LocationInfo(
        id=UUID(row["id"]),
        code=row["code"],
        name=row["name"],
        timezone=row["timezone"],
        day_cutoff=time.fromisoformat(row["day_cutoff"]),
        price_mode=row["price_mode"],
        tax_rounding=row["tax_rounding"],
        cash_rounding_increment=Decimal(str(row["cash_rounding_increment"])),
        cash_rounding_mode=row["cash_rounding_mode"],
        is_mobile=row["is_mobile"],
        is_training=row["is_training"],
    )


def _terminal(row: Mapping[str, Any] | None) -> TerminalInfo | None:
    if row is None:
        return None
    drawer = row["drawer_id"]
    return TerminalInfo(UUID(row["id"]), row["code"], row["name"], UUID(drawer) if drawer else None)


def _session(row: Mapping[str, Any]) -> SessionInfo:
    scopes = row["scopes"]
    return SessionInfo(
        UUID(row["id"]),
        row["kind"],
        datetime.fromisoformat(row["authenticated_at"]),
        frozenset(scopes) if scopes is not None else None,
    )
