"""One server per test run, a template database per state of the migrations, clones on demand (runtime.md §12)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lunarfront.kernel.config import Settings
from lunarfront.kernel.db.migrate import upgrade
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.runtime.roles import DatabaseUrls, create_database, drop_database, prepare_database
from lunarfront.kernel.runtime.testing import rig_settings, start_test_server, stop_test_server
from lunarfront.kernel.runtime.urls import database_of
from lunarfront.sdk.testing.world import World, make_world

EXTERNAL = "LUNARFRONT_TEST_DATABASE_ADMIN_URL"


@dataclass(frozen=True)
class TestServer:
    """The server of a test run with the template that databases are cloned from."""

    __test__ = False

    settings: Settings
    admin_url: str
    template: str
    urls: DatabaseUrls
    world: World

    @contextmanager
    def clone(self) -> Iterator[DatabaseUrls]:
        """Yield the addresses of a fresh copy of the template; it is dropped afterwards."""
        name = f"lf_test_{uuid7().hex}"
        create_database(self.admin_url, name, self.template)
        try:
            yield self.urls.on(name)
        finally:
            drop_database(self.admin_url, name)


@contextmanager
def test_server(home: Path) -> Iterator[TestServer]:
    """Start (or reach) the server, make the template with its world and yield it."""
    external = os.environ.get(EXTERNAL)
    if external:
        yield from _prepared(rig_settings(home), external)
        return
    try:
        yield from _prepared(rig_settings(home), start_test_server(home).admin_url)
    finally:
        stop_test_server(home)


test_server.__test__ = False  # type: ignore[attr-defined]


def _prepared(settings: Settings, admin_url: str) -> Iterator[TestServer]:
    urls = prepare_database(settings, admin_url)
    upgrade(urls.require_owner())
    world = make_world(urls.app_url)
    yield TestServer(settings, admin_url, database_of(urls.app_url), urls, world)
