"""Two walls between companies: row-level security and the ORM filter (SEC-02, SEC-04)."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.db.session import CompanySession, NoCompanyContextError
from lunarfront.kernel.tenancy.models import Location
from lunarfront.sdk.testing.world import World


def test_sec_02_forgotten_setting_raises(connection: Connection) -> None:
    with pytest.raises(DBAPIError):
        connection.exec_driver_sql("SELECT id FROM location")


def test_sec_03_only_own_rows_are_seen_by_sql(ctx: CompanyContext, world: World) -> None:
    rows = ctx.uow.query("SELECT id FROM location")
    assert [row.id for row in rows] == [world.company.location_id]


def test_sec_04_session_without_company_raises(connection: Connection) -> None:
    with CompanySession(connection, None) as session, pytest.raises(NoCompanyContextError):
        session.execute(select(Location))


def test_sec_05_row_cannot_point_at_another_company(ctx: CompanyContext, world: World) -> None:
    from lunarfront.domains.drawer.models import Drawer

    ctx.uow.add(Drawer, location_id=world.other.location_id, name="stolen")
    with pytest.raises(DBAPIError, match="drawer_company_id_location_id_fkey"):
        ctx.uow.flush()
