"""Two companies that look alike, so that a test can always ask for the other one's rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import create_engine

from lunarfront.domains.setup.service import NewCompany, OpenedCompany, add_user, open_company
from lunarfront.domains.tax.models import TaxComponent, TaxJurisdiction, TaxRule
from lunarfront.kernel.auth.models import ApiToken
from lunarfront.kernel.auth.passwords import hash_password
from lunarfront.kernel.auth.secrets import new_secret
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.permissions import SYSTEM_ROLES
from lunarfront.kernel.uow import UnitOfWork

PASSWORD = "violin bow rosin"
PIN = "2468"
_PASSWORD_HASH = hash_password(PASSWORD)
_PIN_HASH = hash_password(PIN)


@dataclass(frozen=True)
class Person:
    """A user of the test world: one per system role, with an API token for tests."""

    id: UUID
    email: str
    role: str
    staff_number: str
    token: str


@dataclass(frozen=True)
class CompanyWorld:
    """One company with a location (7.25 % tax on standard goods, none on services), a till and its people."""

    id: UUID
    location_id: UUID
    terminal_id: UUID
    drawer_id: UUID
    role_ids: dict[str, UUID]
    people: dict[str, Person]
    tax_component_id: UUID


@dataclass(frozen=True)
class World:
    """The company under test and the other one."""

    company: CompanyWorld
    other: CompanyWorld


def make_world(app_url: str) -> World:
    """Write both companies and commit."""
    engine = create_engine(app_url)
    try:
        return World(
            _make_company(engine, "Riverside Music", "a"), _make_company(engine, "Harbor Strings", "b")
        )
    finally:
        engine.dispose()


def _make_company(engine: object, name: str, letter: str) -> CompanyWorld:
    with UnitOfWork(engine, uuid7()) as uow:  # type: ignore[arg-type]
        opened = open_company(uow, NewCompany(name, "USD", "US", "America/Chicago"))
        people = {
            role: _person(uow, opened, role, letter, number)
            for number, role in enumerate(SYSTEM_ROLES, start=1)
        }
        component = _add_tax(uow, opened.location_id)
        uow.commit()
    return CompanyWorld(
        opened.company_id,
        opened.location_id,
        opened.terminal_id,
        opened.drawer_id,
        opened.role_ids,
        people,
        component,
    )


def _person(uow: UnitOfWork, opened: OpenedCompany, role: str, letter: str, number: int) -> Person:
    email, staff_number = f"{role}@{letter}.example", f"{number:04d}"
    user_id = add_user(
        uow,
        email=email,
        full_name=f"{role.capitalize()} {letter.upper()}",
        password_hash=_PASSWORD_HASH,
        role_ids=[opened.role_ids[role]],
        staff_number=staff_number,
        pin_hash=_PIN_HASH,
    )
    secret = new_secret(uow.company_id)
    expires = utc_now() + timedelta(days=365)
    uow.add(ApiToken, user_id=user_id, name="tests", hash=secret.hash, terminal_id=None, expires_at=expires)
    return Person(user_id, email, role, staff_number, secret.text)


def _add_tax(uow: UnitOfWork, location_id: UUID) -> UUID:
    jurisdiction = uow.add(TaxJurisdiction, code="IL", name="Illinois", level="state")
    component = uow.add(
        TaxComponent,
        jurisdiction_id=jurisdiction,
        code="IL",
        name="Illinois sales tax",
        rate="0.072500",
        valid_from=date(2020, 1, 1),
    )
    uow.add(TaxRule, location_id=location_id, tax_category="standard", component_codes=["IL"])
    for category in ("service", "exempt", "gift_card"):
        uow.add(TaxRule, location_id=location_id, tax_category=category, component_codes=[])
    return component
