"""The session of one unit of work: company setting first, company filter on every ORM statement (SEC-03, SEC-04)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from lunarfront.kernel.db.base import TenantModel

SET_COMPANY = "SELECT set_config('app.company_id', %(company)s, true)"


class NoCompanyContextError(RuntimeError):
    """A statement on company tables without a company: it raises, it never returns everything."""


class CompanySession(Session):
    """A session bound to one company for its whole life."""

    def __init__(self, bind: Engine | Connection, company_id: UUID | None, **options: Any) -> None:
        super().__init__(bind=bind, expire_on_commit=False, autoflush=True, **options)
        self.info["company_id"] = company_id
        self.info["opens_itself"] = False

    @property
    def company_id(self) -> UUID:
        """The company of this session.

        Raises:
            NoCompanyContextError: the session was made without one.
        """
        company_id: UUID | None = self.info["company_id"]
        if company_id is None:
            raise NoCompanyContextError("no company context")
        return company_id


@event.listens_for(CompanySession, "after_begin")
def _set_company(session: CompanySession, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested or session.info["opens_itself"] or session.info["company_id"] is None:
        return
    connection.exec_driver_sql(SET_COMPANY, {"company": str(session.company_id)})


@event.listens_for(CompanySession, "do_orm_execute")
def _filter_company(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load or not isinstance(state.session, CompanySession):
        return
    company_id = state.session.company_id
    state.statement = state.statement.options(
        with_loader_criteria(TenantModel, lambda cls: cls.company_id == company_id, include_aliases=True)
    )


@event.listens_for(CompanySession, "before_flush")
def _stamp_company(session: CompanySession, _context: Any, _instances: Any) -> None:
    for row in session.new:
        if isinstance(row, TenantModel) and getattr(row, "company_id", None) is None:
            row.company_id = session.company_id
