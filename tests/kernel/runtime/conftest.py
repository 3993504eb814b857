"""Homes and servers of their own for the tests of the runtime."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lunarfront.kernel.runtime.postgres import PostgresServer, ServerHandle
from lunarfront.kernel.runtime.testing import rig_settings, temporary_home
from lunarfront.kernel.runtime.valkey import ValkeyServer


@pytest.fixture
def home() -> Iterator[Path]:
    """A new LUNARFRONT_HOME; whatever was started on it is stopped at the end."""
    with temporary_home() as folder:
        yield folder
        stop_all(folder)


@pytest.fixture(scope="module")
def module_home() -> Iterator[Path]:
    """The same, for tests that leave nothing behind that disturbs the next one."""
    with temporary_home() as folder:
        yield folder
        stop_all(folder)


@pytest.fixture(scope="module")
def server(module_home: Path) -> ServerHandle:
    """One running server for the tests of a module."""
    return PostgresServer(rig_settings(module_home)).start()


def stop_all(folder: Path) -> None:
    ValkeyServer(rig_settings(folder)).stop(force=True)
    PostgresServer(rig_settings(folder)).stop(force=True)
