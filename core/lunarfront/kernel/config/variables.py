"""Every variable that LunarFront reads (runtime.md §6). A name that is not here does not exist."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lunarfront.kernel.config import parsers

PREFIX = "LUNARFRONT_"
MASK = "********"


@dataclass(frozen=True)
class Variable:
    """One variable: its name, the field of ``Settings`` it fills and the parser of its text.

    A ``secret`` may also be given as ``<name>_FILE`` and is never shown; ``tests_only`` names are
    refused elsewhere; an empty text means "not set" unless ``keeps_empty``.
    """

    name: str
    field: str
    parse: Callable[[str], Any] = parsers.text
    secret: bool = False
    tests_only: bool = False
    keeps_empty: bool = False

    def show(self, value: Any) -> str:
        """Return the value as it may be printed: secrets masked, addresses without their password."""
        if value is None or value in ((), ""):
            return "-"
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        if not self.secret:
            return str(value)
        return mask_password(str(value)) if "://" in str(value) else MASK


def mask_password(url: str) -> str:
    """Return the address with its passwords replaced, in the user part as well as in the query."""
    hidden = re.sub(r"(?<=://)([^:/@?]*):[^@/]*@", rf"\1:{MASK}@", url)
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", rf"\1{MASK}", hidden)


VARIABLES: tuple[Variable, ...] = (
    Variable("DATABASE_URL", "database_url", parsers.database_url, secret=True),
    Variable("DATABASE_ADMIN_URL", "database_admin_url", parsers.database_url, secret=True),
    Variable("REDIS_URL", "redis_url", parsers.redis_url, secret=True),
    Variable("LUNARFRONT_HOME", "home", parsers.path),
    Variable("LUNARFRONT_HOST", "host"),
    Variable("LUNARFRONT_PORT", "port", parsers.number(1, 65535)),
    Variable("LUNARFRONT_PUBLIC_URL", "public_url", parsers.public_url),
    Variable("LUNARFRONT_TRUSTED_PROXIES", "trusted_proxies", parsers.networks),
    Variable("LUNARFRONT_SECRET_KEY", "secret_key", secret=True),
    Variable("LUNARFRONT_LICENSE_FILE", "license_file", parsers.path),
    Variable("LUNARFRONT_ENV", "env", parsers.one_of("production", "development")),
    Variable("LUNARFRONT_WORKERS", "workers", parsers.number(1, 64)),
    Variable("LUNARFRONT_THREADS", "threads", parsers.number(1, 64)),
    Variable("LUNARFRONT_JOBS", "jobs", parsers.one_of("rq", "postgres", "inline")),
    Variable("LUNARFRONT_JOB_WORKERS", "job_workers", parsers.number(1, 64)),
    Variable("LUNARFRONT_DB_POOLER", "db_pooler", parsers.one_of("none", "transaction")),
    Variable("STRIPE_API_KEY", "stripe_api_key", secret=True),
    Variable("STRIPE_WEBHOOK_SECRET", "stripe_webhook_secret", secret=True),
    Variable("LUNARFRONT_LOG", "log", parsers.one_of("json", "pretty")),
    Variable("LUNARFRONT_LOG_LEVEL", "log_level", parsers.one_of("debug", "info", "warning", "error")),
    Variable("LUNARFRONT_METRICS", "metrics", parsers.host_and_port, keeps_empty=True),
    Variable("LUNARFRONT_BACKUP_DIR", "backup_dir", parsers.path),
    Variable("LUNARFRONT_BACKUP_KEEP_DAYS", "backup_keep_days", parsers.number(1, 3650)),
    Variable("LUNARFRONT_SERVER", "server", parsers.one_of("granian", "waitress")),
    Variable("LUNARFRONT_ENV_FILE", "env_file", parsers.path),
    Variable("LUNARFRONT_STRICT_MODULES", "strict_modules", parsers.flag),
    Variable("LUNARFRONT_PG_BIN", "pg_bin", parsers.path),
    Variable("LUNARFRONT_PG_USER", "pg_user"),
    Variable("LUNARFRONT_PG_UNSAFE", "pg_unsafe", parsers.flag, tests_only=True),
    Variable(
        "LUNARFRONT_TEST_DATABASE_ADMIN_URL",
        "test_database_admin_url",
        parsers.database_url,
        secret=True,
        tests_only=True,
    ),
    Variable("LUNARFRONT_CHROMIUM", "chromium", parsers.path, tests_only=True),
    Variable("LUNARFRONT_UPDATE_CHECK", "update_check", parsers.flag),
    Variable("LUNARFRONT_OPEN_COMPANIES", "open_companies", parsers.flag),
)

BY_NAME = {item.name: item for item in VARIABLES}
FILE_FORMS = {f"{item.name}_FILE": item for item in VARIABLES if item.secret}
KNOWN_NAMES = frozenset(BY_NAME) | frozenset(FILE_FORMS)
