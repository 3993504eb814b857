"""The application object of a web process is built where it serves, and ends at once while it is built."""

import signal
from pathlib import Path

import pytest

from lunarfront import wsgi
from lunarfront.kernel.runtime.errors import StartRefused


def test_only_the_two_applications_are_there() -> None:
    with pytest.raises(AttributeError):
        _ = wsgi.application


def test_sigterm_ends_a_process_that_is_being_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LUNARFRONT_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "DATABASE_ADMIN_URL", "LUNARFRONT_TEST_DATABASE_ADMIN_URL"):
        monkeypatch.delenv(name, raising=False)
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with pytest.raises(StartRefused, match="There is no database"):
            _ = wsgi.app
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)
