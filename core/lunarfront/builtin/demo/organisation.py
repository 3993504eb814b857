"""The demo's company with its places, tills, tax, discounts and people, in one unit of work (ORG-04)."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.builtin.demo.source import PASSWORD, store
from lunarfront.domains.drawer.models import Drawer
from lunarfront.domains.sales.models import Discount
from lunarfront.domains.setup.service import NewCompany, OpenedCompany, add_user, open_company
from lunarfront.domains.tax.models import TaxComponent, TaxJurisdiction, TaxRule
from lunarfront.kernel.auth.models import PermissionGrant
from lunarfront.kernel.auth.passwords import hash_password
from lunarfront.kernel.tenancy.models import Company, Location, Terminal
from lunarfront.kernel.uow import UnitOfWork

ADDRESS = ("address_line1", "city", "region", "postal_code", "phone")


def add_organisation(uow: UnitOfWork) -> None:
    """Write the whole organisation; the company's id is that of ``uow``."""
    opened = _open(uow)
    locations = {place["code"]: location_id for place, location_id in _places(uow, opened)}
    _add_tax(uow, locations)
    for row in store()["discounts"]:
        uow.add(Discount, **{name: row[name] for name in row if name != "categories"})
    shared = hash_password(PASSWORD)
    for person in store()["people"]:
        _add_person(uow, opened, person, shared)
    uow.flush()


def _open(uow: UnitOfWork) -> OpenedCompany:
    company, place = store()["company"], store()["locations"][0]
    opened = open_company(
        uow,
        NewCompany(
            name=company["name"],
            currency=company["currency"],
            country=company["country"],
            timezone=company["timezone"],
            price_mode=company["price_mode"],
            location_code=place["code"],
            location_name=place["name"],
            is_demo=True,
        ),
    )
    uow.flush()
    row = uow.session.get_one(Company, uow.company_id)
    row.legal_name = company["legal_name"]
    row.settings = {"return_policy": company["return_policy"]}
    return opened


def _places(uow: UnitOfWork, opened: OpenedCompany) -> Iterator[tuple[Mapping[str, Any], UUID]]:
    """Yield all locations with their ids; the first, with its first till, came with the company."""
    first, *others = store()["locations"]
    _finish_first(uow, opened, first)
    _add_tills(uow, first, opened.location_id, start=2)
    yield first, opened.location_id
    for place in others:
        location_id = _add_location(uow, place)
        _add_tills(uow, place, location_id, start=1)
        yield place, location_id


def _finish_first(uow: UnitOfWork, opened: OpenedCompany, place: Mapping[str, Any]) -> None:
    location = uow.session.get_one(Location, (uow.company_id, opened.location_id))
    for name in ADDRESS:
        setattr(location, name, place[name])
    location.country = store()["company"]["country"]
    uow.session.get_one(Terminal, (uow.company_id, opened.terminal_id)).name = place["tills"][0]
    uow.session.get_one(Drawer, (uow.company_id, opened.drawer_id)).default_float = place["float"]


def _add_location(uow: UnitOfWork, place: Mapping[str, Any]) -> UUID:
    company = store()["company"]
    return uow.add(
        Location,
        code=place["code"],
        name=place["name"],
        timezone=company["timezone"],
        price_mode=company["price_mode"],
        country=company["country"],
        **{name: place[name] for name in ADDRESS},
    )


def _add_tills(uow: UnitOfWork, place: Mapping[str, Any], location_id: UUID, start: int) -> None:
    for number, name in enumerate(place["tills"][start - 1 :], start=start):
        drawer = uow.add(
            Drawer, location_id=location_id, name=f"Drawer {number}", default_float=place["float"]
        )
        uow.add(Terminal, location_id=location_id, code=f"T{number}", name=name, drawer_id=drawer)


def _add_tax(uow: UnitOfWork, locations: Mapping[str, UUID]) -> None:
    levied = {
        row["code"]: uow.add(TaxJurisdiction, code=row["code"], name=row["name"], level=row["level"])
        for row in store()["jurisdictions"]
    }
    for row in store()["components"]:
        values = {name: row.get(name) for name in ("code", "name", "rate", "valid_from", "valid_to")}
        uow.add(TaxComponent, jurisdiction_id=levied[row["jurisdiction"]], **values)
    for place in store()["locations"]:
        for category, codes in _rules(place):
            uow.add(
                TaxRule,
                location_id=locations[place["code"]],
                tax_category=category,
                component_codes=codes,
            )


def _rules(place: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield from ((category, place["tax"]) for category in store()["tax"]["taxed"])
    yield from ((category, []) for category in store()["tax"]["untaxed"])
    yield "food", place["food_tax"]


def bind_discounts(uow: UnitOfWork, categories: Mapping[str, str]) -> None:
    """Bind the discounts that hold in some categories only; they are named before the catalogue is there."""
    for row in store()["discounts"]:
        if "categories" in row:
            found = uow.session.execute(select(Discount).where(Discount.code == row["code"])).scalar_one()
            found.category_ids = [categories[name] for name in row["categories"]]


def _add_person(
    uow: UnitOfWork, opened: OpenedCompany, person: Mapping[str, Any], password_hash: str
) -> None:
    user_id = add_user(
        uow,
        email=person["email"],
        full_name=person["name"],
        password_hash=password_hash,
        role_ids=[opened.role_ids[person["role"]]],
        staff_number=person["staff_number"],
        pin_hash=hash_password(person["pin"]),
    )
    for permission in person.get("grants", ()):
        uow.add(PermissionGrant, user_id=user_id, permission=permission, effect="allow")
