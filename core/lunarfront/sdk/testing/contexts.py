"""Contexts for tests and jobs that act without a request."""

from datetime import datetime
from uuid import UUID

from lunarfront.kernel.auth.rights import load_rights
from lunarfront.kernel.context import CompanyContext, LocationInfo, TerminalInfo, UserInfo
from lunarfront.kernel.tenancy.contexts import company_info, location_info, terminal_info
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.world import CompanyWorld


def context_of(uow: UnitOfWork, company: CompanyWorld, user_id: UUID, now: datetime) -> CompanyContext:
    """Return the context of a user at the company's till."""
    location: LocationInfo = location_info(uow, company.location_id)
    terminal: TerminalInfo = terminal_info(uow, company.terminal_id)
    person = next(p for p in company.people.values() if p.id == user_id)
    return CompanyContext(
        company=company_info(uow),
        uow=uow,
        user=UserInfo(user_id, person.role.capitalize(), person.email),
        rights=load_rights(uow, user_id),
        location=location,
        terminal=terminal,
        actor=person.email,
        request_id="test",
        now=now,
    )
