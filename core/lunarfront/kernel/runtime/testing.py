"""For test rigs: an embedded server and a Valkey of their own, fast because a crash may lose everything."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.config.private_files import HOME_MODE
from lunarfront.kernel.runtime.placement import data_dir_of
from lunarfront.kernel.runtime.postgres import PostgresServer, ServerHandle
from lunarfront.kernel.runtime.roles import DatabaseUrls, prepare_database
from lunarfront.kernel.runtime.valkey import ValkeyHandle, ValkeyServer


def rig_settings(home: Path, **more: str) -> Settings:
    """Return settings with this home and PG_UNSAFE; ``more`` are further variables by name."""
    environ: Mapping[str, str] = {"LUNARFRONT_HOME": str(home), "LUNARFRONT_PG_UNSAFE": "1", **more}
    return load_settings(environ, testing=True)


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A new LUNARFRONT_HOME that the database's user can enter, removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="lunarfront-"))
    home.chmod(HOME_MODE)
    try:
        yield home
    finally:
        remove_home(home)


def remove_home(home: Path) -> None:
    """Remove a stopped home with the data that may lie outside of it."""
    data_dir = data_dir_of(rig_settings(home))
    shutil.rmtree(home, ignore_errors=True)
    if home not in data_dir.parents:
        shutil.rmtree(data_dir.parent, ignore_errors=True)


def start_test_server(tmp_home: Path) -> ServerHandle:
    """Start the server of this home, or share it. End it with ``stop_test_server``."""
    return PostgresServer(rig_settings(tmp_home)).start()


def stop_test_server(tmp_home: Path) -> None:
    """Stop the server of this home, whoever started it."""
    PostgresServer(rig_settings(tmp_home)).stop(force=True)


def prepare_test_database(tmp_home: Path, server: ServerHandle) -> DatabaseUrls:
    """Make roles and the database ``lunarfront`` on a test server."""
    return prepare_database(rig_settings(tmp_home), server.admin_url)


def start_test_valkey(tmp_home: Path) -> ValkeyHandle:
    """Start the Valkey of this home, or share it. End it with ``stop_test_valkey``."""
    return ValkeyServer(rig_settings(tmp_home)).start()


def stop_test_valkey(tmp_home: Path) -> None:
    """Stop the Valkey of this home, whoever started it."""
    ValkeyServer(rig_settings(tmp_home)).stop(force=True)
