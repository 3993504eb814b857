"""The demo's database: marked before it is migrated, made anew when a first start was broken off."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from lunarfront.cli.installation import revision_of
from lunarfront.cli.marker import NOT_A_DEMO, Kind, kind_of, mark
from lunarfront.kernel.config import Settings
from lunarfront.kernel.core import make_engine
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.roles import drop_database, prepare_database
from lunarfront.kernel.runtime.services import Services
from lunarfront.kernel.runtime.urls import database_of

if TYPE_CHECKING:
    from lunarfront.builtin.demo.state import DemoStore

COMPANIES = "SELECT id FROM lf_company_ids() AS id ORDER BY id LIMIT 1"


@dataclass(frozen=True)
class OpenedDemo:
    """A demo database with its organisation."""

    store: "DemoStore"
    engine: Engine

    def load(self, url: str) -> None:
        """Load goods, customers and sales through the API at ``url``."""
        from lunarfront.builtin.demo.api import HttpApi
        from lunarfront.builtin.demo.loader import load

        load(lambda token: HttpApi(url, token), self.store, self.engine)


def prepare(settings: Settings, services: Services) -> Kind:
    """Mark and migrate the demo's database; tell whether it is loaded already.

    Raises:
        StartRefused: the database holds something else.
    """
    from lunarfront.kernel.db.migrate import head_revision, upgrade

    owner_url = services.urls.require_owner()
    kind = kind_of(owner_url)
    if kind is Kind.STORE:
        raise StartRefused(NOT_A_DEMO)
    if kind is Kind.DEMO_BEGUN:
        _start_over(settings, services)
        kind = Kind.EMPTY
    if kind is Kind.EMPTY:
        kind = Kind.DEMO_BEGUN
        mark(owner_url, kind)
    if revision_of(owner_url) != head_revision():
        upgrade(owner_url)
    return kind


def open_demo(settings: Settings, services: Services) -> OpenedDemo:
    """Open a prepared demo; at the first start write its organisation."""
    from lunarfront.builtin.demo.state import create_organisation, open_store
    from lunarfront.kernel.db.registry import import_models

    import_models()
    engine = make_engine(services.urls.app_url, settings)
    with engine.connect() as connection:
        company_id = connection.exec_driver_sql(COMPANIES).scalar()
    company_id = company_id or create_organisation(engine)
    return OpenedDemo(open_store(engine, company_id, settings.secrets_dir / "demo_api_token"), engine)


def _start_over(settings: Settings, services: Services) -> None:
    """Nobody has used a demo that was not loaded to its end: make its database anew."""
    admin_url = services.urls.admin_url
    if not admin_url:
        raise StartRefused("The first start of this demo was broken off. Give it an empty database.")
    drop_database(admin_url, database_of(services.urls.owner_url))
    prepare_database(settings, services.server.admin_url if services.server else "")
