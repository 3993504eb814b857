"""PostgreSQL and Valkey together: started, described to other processes, stopped in the right order."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.database_urls import DatabaseUrls
from lunarfront.kernel.runtime.postgres import PostgresServer, ServerHandle
from lunarfront.kernel.runtime.roles import prepare_database
from lunarfront.kernel.runtime.valkey import ValkeyServer

#: What a web or job process must never see (SEC-01): the addresses of owner and administrator.
HIDDEN = ("DATABASE_URL_FILE", "DATABASE_ADMIN_URL_FILE", "REDIS_URL_FILE")


@dataclass
class Services:
    """The servers of one home. ``server`` is None with DATABASE_URL, ``redis_url`` is empty where none is used."""

    settings: Settings
    postgres: PostgresServer
    valkey: ValkeyServer
    server: ServerHandle | None
    urls: DatabaseUrls
    redis_url: str

    def child_environment(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of web and job processes: the application's own addresses, no others (SEC-01).

        An empty value also hides the one in LUNARFRONT_ENV_FILE.
        """
        base = {name: value for name, value in (environ or os.environ).items() if name not in HIDDEN}
        return base | {
            "LUNARFRONT_HOME": str(self.settings.home),
            "DATABASE_URL": self.urls.app_url,
            "DATABASE_ADMIN_URL": "",
            "REDIS_URL": self.redis_url,
        }

    def stop(self) -> None:
        """Stop what was started here: Valkey, then PostgreSQL last (runtime.md §7)."""
        self.valkey.stop()
        self.postgres.stop()


def start_services(settings: Settings) -> Services:
    """Start PostgreSQL and Valkey where no address is set, make the roles; what was started stops on a failure."""
    postgres, valkey = PostgresServer(settings), ValkeyServer(settings)
    external = settings.database_url or settings.database_admin_url
    try:
        server = None if external else postgres.start()
        urls = prepare_database(settings, server.admin_url if server else "")
        redis_url = valkey.start().url if settings.jobs == "rq" or settings.redis_url else ""
    except BaseException:
        valkey.stop()
        postgres.stop()
        raise
    return Services(settings, postgres, valkey, server, urls, redis_url)
