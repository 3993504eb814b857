"""The product does not start with a role that could pass row-level security (SEC-01)."""

import os
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from lunarfront.cli import main
from lunarfront.cli.installation import build_app
from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.serve import plain_http_notice
from lunarfront.sdk.testing.database import TestServer
from tests.security.conftest import Store, signed_in

pytestmark = pytest.mark.realdb


def settings_with(server: TestServer, url: str) -> Settings:
    return load_settings(
        {"LUNARFRONT_HOME": str(server.settings.home), "DATABASE_URL": url, "LUNARFRONT_METRICS": ""}
    )


def start(server: TestServer, url: str) -> Result:
    ours = [name for name in os.environ if name.startswith(("LUNARFRONT_", "DATABASE_", "REDIS_"))]
    given = {"LUNARFRONT_HOME": str(server.settings.home), "DATABASE_URL": url, "LUNARFRONT_JOBS": "postgres"}
    return CliRunner().invoke(main, ["dispatcher"], env=dict.fromkeys(ours, None) | given)


def test_sec_01_the_application_role_starts(store: Store, server: TestServer) -> None:
    app = build_app(settings_with(server, store.urls.app_url), demo=False)
    assert app.test_client().get("/api/v1/health/live").status_code == 200
    app.extensions["lunarfront"].bind.dispose()


@pytest.mark.parametrize("attribute", ["SUPERUSER", "BYPASSRLS", "IN ROLE lf_owner"])
def test_sec_01_lf_app_with_too_much_right_serves_nothing(
    store: Store, server: TestServer, attribute: str
) -> None:
    """The address says lf_app, but somebody gave that role more: only the database knows."""
    undo = "REVOKE lf_owner FROM lf_app" if "ROLE" in attribute else f"ALTER ROLE lf_app NO{attribute}"
    do = "GRANT lf_owner TO lf_app" if "ROLE" in attribute else f"ALTER ROLE lf_app {attribute}"
    with signed_in(store.urls.admin_url) as connection:
        connection.autocommit = True
        connection.execute(do)
        try:
            with pytest.raises(StartRefused, match=r"lf_app .*SEC-01"):
                build_app(settings_with(server, store.urls.app_url), demo=False)
            refused = start(server, store.urls.app_url)
        finally:
            connection.execute(undo)
    assert (refused.exit_code, "SEC-01" in refused.stderr) == (1, True), refused.output


def test_sec_01_the_owner_never_runs_the_application(store: Store, server: TestServer) -> None:
    with pytest.raises(StartRefused, match="lf_owner never runs the application"):
        build_app(settings_with(server, store.urls.owner_url), demo=False)


def test_sec_01_any_other_role_is_replaced_by_lf_app(store: Store, server: TestServer) -> None:
    """A superuser's address is that of an administrator (runtime.md §4): the application signs in as lf_app."""
    app = build_app(settings_with(server, store.urls.admin_url), demo=False)
    engine = app.extensions["lunarfront"].bind
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar() == "lf_app"
    engine.dispose()


def test_sec_34_debug_mode_does_not_start(
    store: Store, server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(StartRefused, match="FLASK_DEBUG"):
        build_app(settings_with(server, store.urls.app_url), demo=False)


@pytest.mark.parametrize(
    ("address", "said"), [(None, True), ("http://till.local:8000", True), ("https://shop.example", False)]
)
def test_sec_23_the_start_says_when_cookies_go_without_secure(
    server: TestServer, address: str | None, said: bool
) -> None:
    notice = plain_http_notice(replace(server.settings, public_url=address))
    assert ("without Secure" in notice) == said
