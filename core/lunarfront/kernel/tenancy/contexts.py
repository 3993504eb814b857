"""Building a context without a request: for jobs, commands and tests (architecture.md §4)."""

from uuid import UUID

from sqlalchemy import select

from lunarfront.kernel.context import CompanyContext, CompanyInfo, LocationInfo, TerminalInfo
from lunarfront.kernel.problems import not_found
from lunarfront.kernel.tenancy.models import Company, Location, Terminal
from lunarfront.kernel.uow import UnitOfWork


def company_info(uow: UnitOfWork) -> CompanyInfo:
    """Read the company of a unit of work."""
    row = uow.session.execute(select(Company).where(Company.id == uow.company_id)).scalar_one()
    return CompanyInfo(
        id=row.id,
        name=row.name,
        currency=row.currency,
        country=row.country,
        timezone=row.default_timezone,
        settings=row.settings,
        catalog_version=row.catalog_version,
        rights_version=row.rights_version,
        is_demo=row.is_demo,
    )


def location_info(uow: UnitOfWork, location_id: UUID) -> LocationInfo:
    """Read a location.

    Raises:
        Problem: ``not_found``.
    """
    row = uow.session.execute(select(Location).where(Location.id == location_id)).scalar_one_or_none()
    if row is None:
        raise not_found()
    return LocationInfo(
        id=row.id,
        code=row.code,
        name=row.name,
        timezone=row.timezone,
        day_cutoff=row.day_cutoff,
        price_mode=row.price_mode,
        tax_rounding=row.tax_rounding,
        cash_rounding_increment=row.cash_rounding_increment,
        cash_rounding_mode=row.cash_rounding_mode,
        is_mobile=row.is_mobile,
        is_training=row.is_training,
    )


def terminal_info(uow: UnitOfWork, terminal_id: UUID) -> TerminalInfo:
    """Read a till.

    Raises:
        Problem: ``not_found``.
    """
    row = uow.session.execute(select(Terminal).where(Terminal.id == terminal_id)).scalar_one_or_none()
    if row is None:
        raise not_found()
    return TerminalInfo(row.id, row.code, row.name, row.drawer_id)


def job_context(uow: UnitOfWork, *, actor: str = "system", request_id: str = "") -> CompanyContext:
    """Return the context of work that nobody asked for by request."""
    return CompanyContext(company=company_info(uow), uow=uow, actor=actor, request_id=request_id)
