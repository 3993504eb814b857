"""Use case: open a company (ORG-04, GEN-08). Set-up on the command line and the API use the same function."""

from dataclasses import dataclass
from uuid import UUID

from lunarfront.domains.drawer.models import Drawer
from lunarfront.domains.inventory.models import ItemCondition, UnitStatus
from lunarfront.domains.ledger.chart import CHART
from lunarfront.domains.ledger.models import AccountCode
from lunarfront.domains.setup import rows
from lunarfront.domains.tax.models import TaxCategory
from lunarfront.kernel.auth.models import Role, RolePermission, User, UserRole
from lunarfront.kernel.permissions import SYSTEM_ROLES, role_defaults
from lunarfront.kernel.tenancy.models import Company, Location, ReasonCode, Terminal
from lunarfront.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class NewCompany:
    """What a company is opened with. ``price_mode`` is exclusive or inclusive (TAX-07)."""

    name: str
    currency: str
    country: str
    timezone: str
    price_mode: str = "exclusive"
    location_code: str = "MAIN"
    location_name: str = "Main store"
    terminal_code: str = "T1"
    client_uuid: UUID | None = None
    created_by_ref: UUID | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class OpenedCompany:
    """The ids that were made."""

    company_id: UUID
    location_id: UUID
    terminal_id: UUID
    drawer_id: UUID
    role_ids: dict[str, UUID]


def open_company(uow: UnitOfWork, new: NewCompany) -> OpenedCompany:
    """Collect all rows of a new company in ``uow``, whose company id becomes the company's.

    Returns:
        The ids made. Nothing is written before the unit of work is flushed.
    """
    _add_company(uow, new)
    location_id = uow.add(
        Location,
        code=new.location_code,
        name=new.location_name,
        timezone=new.timezone,
        price_mode=new.price_mode,
    )
    drawer_id = uow.add(Drawer, location_id=location_id, name="Drawer 1")
    terminal_id = uow.add(
        Terminal, location_id=location_id, code=new.terminal_code, name="Till 1", drawer_id=drawer_id
    )
    _add_lookups(uow)
    return OpenedCompany(uow.company_id, location_id, terminal_id, drawer_id, _add_roles(uow))


def _add_company(uow: UnitOfWork, new: NewCompany) -> None:
    company = Company(
        id=uow.company_id,
        name=new.name,
        currency=new.currency,
        country=new.country,
        default_timezone=new.timezone,
        client_uuid=new.client_uuid,
        created_by_ref=new.created_by_ref,
        is_demo=new.is_demo,
    )
    uow.session.add(company)
    uow.session.flush()


def _add_roles(uow: UnitOfWork) -> dict[str, UUID]:
    ids = {}
    for code, name in SYSTEM_ROLES.items():
        percent, refund, trade_in = rows.ROLE_LIMITS[code]
        ids[code] = uow.add(
            Role,
            code=code,
            name=name,
            is_system=True,
            discount_percent_limit=percent,
            refund_limit=refund,
            trade_in_limit=trade_in,
        )
        for permission, effect in role_defaults(code).items():
            uow.add(RolePermission, role_id=ids[code], permission=permission, effect=effect)
    return ids


def _add_lookups(uow: UnitOfWork) -> None:
    for code, name, kind, role in CHART:
        uow.add(AccountCode, code=code, name=name, type=kind, role=role, is_system=True)
    for kind, reasons in rows.REASON_CODES.items():
        for code, label, requires_note in reasons:
            uow.add(ReasonCode, kind=kind, code=code, label=label, requires_note=requires_note)
    for model, slugs in ((UnitStatus, rows.UNIT_STATUSES), (ItemCondition, rows.ITEM_CONDITIONS)):
        for sort, slug in enumerate(slugs):
            name = slug.replace("_", " ").capitalize()
            uow.add(model, slug=slug, name=name, is_system=True, behaves_as=slug, sort=sort)
    for code in rows.TAX_CATEGORIES:
        uow.add(TaxCategory, code=code, name=code.replace("_", " ").capitalize(), is_system=True)


def add_user(
    uow: UnitOfWork,
    *,
    email: str | None,
    full_name: str,
    password_hash: str | None,
    role_ids: list[UUID],
    staff_number: str | None = None,
    pin_hash: str | None = None,
) -> UUID:
    """Collect a user with his roles and return his id."""
    user_id = uow.add(
        User,
        email=email,
        full_name=full_name,
        can_sign_in=password_hash is not None,
        password_hash=password_hash,
        staff_number=staff_number,
        pin_hash=pin_hash,
    )
    for role_id in role_ids:
        uow.add(UserRole, user_id=user_id, role_id=role_id)
    return user_id
