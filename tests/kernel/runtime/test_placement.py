"""Where things lie when PostgreSQL runs as another user, and what is never changed (runtime.md §4)."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from lunarfront.kernel.runtime import placement
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import PostgresInstall, find_postgres
from lunarfront.kernel.runtime.postgres import PostgresServer
from lunarfront.kernel.runtime.run_user import RunUser, choose_user
from lunarfront.kernel.runtime.testing import rig_settings

IS_ROOT = os.getuid() == 0


@pytest.fixture
def state_root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for the system's folder for state, open to every user."""
    folder = Path(tempfile.mkdtemp(prefix="lunarfront-state-"))
    folder.chmod(0o711)
    monkeypatch.setattr(placement, "STATE_ROOT", folder)
    yield folder
    shutil.rmtree(folder)


def test_closed_home_and_closed_programs_still_run(tmp_path: Path, state_root: Path) -> None:
    """As root all goes to the state folder; as somebody else the closed folders are our own. Modes stay."""
    carrier = find_postgres(rig_settings(tmp_path)).bin_dir.parent.parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(carrier / "pginstall", closed / carrier.name / "pginstall", symlinks=True)
    libs = carrier.with_name(f"{carrier.name}.libs")
    if libs.is_dir():
        shutil.copytree(libs, closed / libs.name, symlinks=True)
    home = closed / "home"
    settings = rig_settings(home, LUNARFRONT_PG_BIN=str(closed / carrier.name / "pginstall" / "bin"))
    server = PostgresServer(settings)
    handle = server.start()
    try:
        inside = closed in handle.data_dir.parents and closed in handle.bin_dir.parents
        outside = state_root in handle.data_dir.parents and state_root in handle.bin_dir.parents
        assert outside if IS_ROOT else inside
        assert closed.stat().st_mode & 0o777 == 0o700
        assert PostgresServer(settings).start().pid == handle.pid
    finally:
        server.stop()


def test_programs_are_carried_once_with_their_libraries(tmp_path: Path) -> None:
    tree = tmp_path / "site" / "carrier" / "pginstall" / "bin"
    tree.mkdir(parents=True)
    (tree / "postgres").write_text("program", encoding="ascii")
    (tmp_path / "site" / "carrier.libs").mkdir()
    (tmp_path / "site" / "carrier.libs" / "libicu.so").write_text("library", encoding="ascii")
    root = tmp_path / "root"
    root.mkdir()
    first = placement.carry(PostgresInstall(tree, "18.1"), root)
    assert (first.bin_dir / "postgres").read_text(encoding="ascii") == "program"
    assert (first.bin_dir / "../../../carrier.libs/libicu.so").read_text(encoding="ascii") == "library"
    assert placement.carry(PostgresInstall(tree, "18.1"), root) == first
    assert len(list(root.iterdir())) == 1


def test_long_path_gets_a_short_private_socket_folder(home: Path) -> None:
    deep = home / ("d" * 60) / "home"
    handle = PostgresServer(rig_settings(deep)).start()
    try:
        assert "lunarfront-" in handle.admin_url
        assert "d" * 60 not in handle.admin_url
        folder = Path(str(make_url(handle.admin_url).query["host"]))
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        PostgresServer(rig_settings(deep)).stop(force=True)
    assert not folder.exists()


def test_foreign_socket_folder_is_refused(tmp_path: Path) -> None:
    data_dir = tmp_path / "postgres"
    folder = tmp_path / "postgres-run"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(StartRefused, match="not private"):
        placement.socket_folder(data_dir, RunUser(), "s")
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(StartRefused, match="not private"):
        placement.socket_folder(data_dir, RunUser(), "s")


def test_user_of_the_server(tmp_path: Path) -> None:
    user = choose_user(rig_settings(tmp_path), tmp_path / "postgres")
    expected = {entry.pw_uid for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"}}
    assert user.uid in expected if IS_ROOT else user == RunUser()


@pytest.mark.parametrize(("name", "words"), [("root", "must not be root"), ("no-such-user", "has no user")])
def test_user_that_cannot_be_is_refused(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    with pytest.raises(StartRefused, match=words):
        choose_user(rig_settings(tmp_path, LUNARFRONT_PG_USER=name), tmp_path / "postgres")
