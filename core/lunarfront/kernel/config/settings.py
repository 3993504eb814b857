"""The typed settings of one process (runtime.md §6). Made by ``load_settings``, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Every value that the operator may set. ``None`` means: not set. Secrets are left out of ``repr``.

    ``sources`` maps the name of a variable to where its value came from; ``describe`` prints both.
    """

    home: Path
    host: str
    port: int
    workers: int
    threads: int
    log: str
    backup_dir: Path
    env: str = "production"
    database_url: str | None = field(default=None, repr=False)
    database_admin_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    license_file: Path | None = None
    jobs: str = "rq"
    job_workers: int = 1
    db_pooler: str = "none"
    stripe_api_key: str | None = field(default=None, repr=False)
    stripe_webhook_secret: str | None = field(default=None, repr=False)
    log_level: str = "info"
    metrics: str = "127.0.0.1:9108"
    backup_keep_days: int = 30
    server: str = "granian"
    env_file: Path | None = None
    strict_modules: bool = False
    pg_bin: Path | None = None
    pg_user: str | None = None
    pg_unsafe: bool = False
    test_database_admin_url: str | None = field(default=None, repr=False)
    chromium: Path | None = None
    update_check: bool = False
    open_companies: bool = False
    sources: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def pool_size(self) -> int:
        """Connections to the database that one web process may hold."""
        return self.threads + 2

    @property
    def secrets_dir(self) -> Path:
        """The folder of the 0600 files that LunarFront made for itself (SEC-40)."""
        return self.home / "secrets"

    @property
    def is_development(self) -> bool:
        """Whether this is a developer's own machine."""
        return self.env == "development"

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """Host and port of the metrics page, or None when it is off."""
        host, _, port = self.metrics.rpartition(":")
        return (host, int(port)) if host else None

    def describe(self) -> list[tuple[str, str, str]]:
        """Return ``(variable, value as it may be shown, source)`` of each setting (``lunarfront doctor``)."""
        from lunarfront.kernel.config.variables import VARIABLES

        return [
            (item.name, item.show(getattr(self, item.field)), self.sources.get(item.name, "default"))
            for item in VARIABLES
        ]
