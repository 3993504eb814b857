"""The marker keeps demo and shop apart (architecture.md §11)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lunarfront.cli.demo_database import prepare
from lunarfront.cli.marker import Kind, kind_of, mark, require_kind
from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.roles import connect, drop_database, prepare_database
from lunarfront.kernel.runtime.services import Services, start_services
from lunarfront.kernel.runtime.testing import rig_settings, temporary_home


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with temporary_home() as home:
        yield replace(rig_settings(home), jobs="postgres")


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """Servers with an empty database."""
    running = start_services(settings)
    assert running.server is not None
    drop_database(running.server.admin_url, "lunarfront")
    prepare_database(settings, running.server.admin_url)
    yield running
    running.stop()


def test_a_shop_is_refused_by_the_demo_and_stays_as_it_is(settings: Settings, services: Services) -> None:
    owner = services.urls.require_owner()
    with connect(owner) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
    assert kind_of(owner) is Kind.STORE
    with pytest.raises(StartRefused, match="not a demo"):
        prepare(settings, services)
    with pytest.raises(StartRefused, match="not a demo"):
        require_kind(services.urls.app_url, demo=True)
    assert kind_of(owner) is Kind.STORE


@pytest.mark.parametrize("kind", [Kind.DEMO, Kind.DEMO_BEGUN])
def test_a_demo_is_refused_by_every_other_start(services: Services, kind: Kind) -> None:
    mark(services.urls.require_owner(), kind)
    with pytest.raises(StartRefused, match="only `lunarfront demo` opens it"):
        require_kind(services.urls.app_url, demo=False)
    require_kind(services.urls.app_url, demo=True)


def test_an_empty_database_becomes_a_demo_that_is_not_loaded(settings: Settings, services: Services) -> None:
    assert prepare(settings, services) is Kind.DEMO_BEGUN
    assert kind_of(services.urls.app_url) is Kind.DEMO_BEGUN
    assert prepare(settings, services) is Kind.DEMO_BEGUN  # broken off: made anew
    mark(services.urls.require_owner(), Kind.DEMO)
    assert prepare(settings, services) is Kind.DEMO


def test_sec_01_the_application_cannot_write_the_marker(services: Services) -> None:
    with pytest.raises(Exception, match="must be owner of schema public"):
        mark(services.urls.app_url, Kind.DEMO)
