"""Use case: a user opens another company over the API (ORG-04).

The new company is another tenant, so its rows are written in a unit of work of its own, which commits here,
before the answer. Its ``client_uuid`` finds it again when the answer was lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lunarfront.domains.drawer.models import Drawer
from lunarfront.domains.setup.service import NewCompany, OpenedCompany, open_company
from lunarfront.kernel import audit, editing
from lunarfront.kernel.api.db_errors import constraint_name
from lunarfront.kernel.auth.models import ApiToken, Role, User, UserRole
from lunarfront.kernel.auth.secrets import new_secret
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.db import VersionedModel
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.tenancy.models import Location, Terminal
from lunarfront.kernel.uow import UnitOfWork

ADMIN = "admin"
FIND = "SELECT lf_opened_company(%(user)s, %(client_uuid)s) AS company_id"
#: What the administrator of the new company has of the caller. He comes in by the token: a copied password
#: would make the caller choose a company at each sign-in (USR-11).
LIKE_THE_CALLER = ("email", "full_name", "staff_number", "pin_hash", "locale", "theme")

Units = Callable[[UUID], UnitOfWork]


@dataclass(frozen=True)
class Opened:
    """What is answered; ``is_new`` is false for a repeat, which makes nothing but the token."""

    ids: OpenedCompany
    user_id: UUID
    api_token: str = field(repr=False)
    is_new: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the answer's members."""
        return asdict(self.ids) | {"user_id": self.user_id, "api_token": self.api_token}


def open_over_api(
    ctx: CompanyContext, body: Mapping[str, Any], units: Units, *, allowed: bool, is_demo: bool
) -> Opened:
    """Open a company, or find the one that this user opened with the same ``client_uuid``.

    Args:
        ctx: the caller's context; his company gets an audit row.
        body: a loaded ``CompanyIn``.
        units: makes a unit of work of a company.
        allowed: whether the operator lets companies be opened over the API.
        is_demo: whether the new company belongs to a demo.

    Raises:
        Problem: ``forbidden`` where the operator does not allow it.
    """
    if not allowed:
        raise Problem(
            "forbidden", "Companies cannot be opened over the API here (LUNARFRONT_OPEN_COMPANIES)."
        )
    found = _find(ctx, body["client_uuid"])
    made = None if found else _open(ctx, body, units, is_demo)
    company_id = found or made or _find(ctx, body["client_uuid"])
    if company_id is None:
        raise Problem("conflict", "Others were faster. Try again.")
    if made:
        audit.record(ctx, "company.opened", "company", made, new={"name": body["name"]})
    return _with_token(ctx, company_id, units, is_new=made is not None)


def _find(ctx: CompanyContext, client_uuid: UUID) -> UUID | None:
    params = {"user": ctx.require_user().id, "client_uuid": client_uuid}
    found: UUID | None = ctx.uow.query(FIND, params)[0].company_id
    return found


def _open(ctx: CompanyContext, body: Mapping[str, Any], units: Units, is_demo: bool) -> UUID | None:
    """Return the new company's id, None when the same request opened it at the same moment."""
    caller = editing.load(ctx, User, ctx.require_user().id)
    new = NewCompany(
        name=body["name"],
        currency=body["currency"],
        country=body["country"],
        timezone=body["default_timezone"],
        client_uuid=body["client_uuid"],
        created_by_ref=caller.id,
        is_demo=is_demo,
    )
    with units(uuid7()) as uow:
        try:
            opened = open_company(uow, new)
        except IntegrityError as error:
            if constraint_name(error) == "company_client_uuid_key":
                return None
            raise
        user_id = _add_administrator(uow, opened, caller)
        _record(ctx, uow, "company.opened", "company", opened.company_id, user_id)
        uow.commit()
    return opened.company_id


def _add_administrator(uow: UnitOfWork, opened: OpenedCompany, caller: User) -> UUID:
    user_id = uow.add(User, can_sign_in=False, **{name: getattr(caller, name) for name in LIKE_THE_CALLER})
    uow.add(UserRole, user_id=user_id, role_id=opened.role_ids[ADMIN])
    return user_id


def _with_token(ctx: CompanyContext, company_id: UUID, units: Units, *, is_new: bool) -> Opened:
    with units(company_id) as uow:
        ids, user_id = _first_rows(uow)
        secret = new_secret(company_id)
        token_id = uow.add(ApiToken, user_id=user_id, name="Opened over the API", hash=secret.hash)
        _record(ctx, uow, "auth.api_token.created", "api_token", token_id, user_id)
        uow.commit()
    return Opened(ids, user_id, secret.text, is_new)


def _first_rows(uow: UnitOfWork) -> tuple[OpenedCompany, UUID]:
    """The rows that the company was opened with: ids are in order of time."""
    roles = uow.session.execute(select(Role.code, Role.id).where(Role.is_system))
    role_ids = {row.code: row.id for row in roles}
    administrators = select(UserRole.user_id).where(UserRole.role_id == role_ids[ADMIN]).order_by(UserRole.id)
    user_id = uow.session.execute(administrators.limit(1)).scalar_one()
    ids = OpenedCompany(
        uow.company_id, _first(uow, Location), _first(uow, Terminal), _first(uow, Drawer), role_ids
    )
    return ids, user_id


def _first(uow: UnitOfWork, model: type[VersionedModel]) -> UUID:
    return uow.session.execute(select(model.id).order_by(model.id).limit(1)).scalar_one()


def _record(
    ctx: CompanyContext, uow: UnitOfWork, action: str, entity_type: str, entity_id: UUID, user_id: UUID
) -> None:
    audit.write(
        uow,
        occurred_at=ctx.now,
        actor=ctx.actor,
        user_id=user_id,
        request_id=ctx.request_id,
        ip=ctx.ip,
        action=action,
        entity_type=entity_type,
        entity_id=entity_id,
    )
