"""Core's history is one line, equals the models, goes up, down and up again on data, and refuses a newer database."""

from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from lunarfront.kernel.db import migrate
from lunarfront.sdk.testing.database import TestServer

pytestmark = pytest.mark.realdb


@pytest.fixture
def owner_url(server: TestServer) -> Iterator[str]:
    """The owner's address of a migrated database with two companies in it."""
    with server.clone() as urls:
        yield urls.require_owner()


@pytest.fixture
def owner(owner_url: str) -> Iterator[Engine]:
    engine = create_engine(owner_url)
    yield engine
    engine.dispose()


def test_the_history_is_one_line() -> None:
    history = ScriptDirectory(str(migrate.migrations_folder()))
    assert len(history.get_heads()) == 1
    assert len(history.get_bases()) == 1
    assert all(isinstance(script.down_revision, str | None) for script in history.walk_revisions())


def test_models_and_migrations_agree(owner_url: str) -> None:
    migrate.check_drift(owner_url)


def test_down_and_up_again_on_data(owner_url: str, owner: Engine) -> None:
    migrate.downgrade(owner_url, "base")
    assert set(inspect(owner).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(owner_url)
    migrate.check_drift(owner_url)


def test_sec_76_a_newer_database_is_refused(owner_url: str, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.NewerDatabaseError):
        migrate.upgrade(owner_url)


def test_upgrading_twice_changes_nothing(owner_url: str) -> None:
    migrate.upgrade(owner_url)
    migrate.check_drift(owner_url)
