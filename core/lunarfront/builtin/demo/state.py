"""What is known of an opened demo store: its ids, its people and the administrator's API token."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from lunarfront.builtin.demo.organisation import add_organisation
from lunarfront.builtin.demo.source import PASSWORD, store
from lunarfront.kernel.auth.models import ApiToken
from lunarfront.kernel.auth.secrets import digest, new_secret, read_secret
from lunarfront.kernel.config.private_files import write_private
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.uow import UnitOfWork

MAIN_TILL = "MAIN/T1"
TILLS = """
SELECT l.code || '/' || t.code AS name, t.id AS terminal_id, t.location_id, t.drawer_id, d.default_float
FROM terminal t JOIN location l ON l.company_id = t.company_id AND l.id = t.location_id
JOIN drawer d ON d.company_id = t.company_id AND d.id = t.drawer_id WHERE t.company_id = %(company)s ORDER BY 1
"""
ADMIN = "SELECT id FROM app_user WHERE company_id = %(company)s AND email = %(email)s"
IS_LIVING = (
    "SELECT 1 FROM api_token WHERE company_id = %(company)s AND hash = %(hash)s AND revoked_at IS NULL"
)


@dataclass(frozen=True)
class Till:
    """A till with its drawer."""

    terminal_id: UUID
    location_id: UUID
    drawer_id: UUID
    default_float: str


@dataclass(frozen=True)
class DemoStore:
    """An opened demo store; ``tills`` by names such as ``MAIN/T1``."""

    company_id: UUID
    tills: Mapping[str, Till]
    api_token: str

    @property
    def locations(self) -> dict[str, UUID]:
        """The ids of the locations by their codes."""
        return {name.split("/")[0]: till.location_id for name, till in self.tills.items()}

    def ready_line(self, url: str) -> dict[str, Any]:
        """Return what ``lunarfront demo --json`` prints when it is ready (runtime.md §2)."""
        main = self.tills[MAIN_TILL]
        return {
            "ready": True,
            "url": url,
            "company_id": str(self.company_id),
            "users": people(),
            "api_token": self.api_token,
            "terminal_id": str(main.terminal_id),
            "location_id": str(main.location_id),
            "drawer_id": str(main.drawer_id),
        }


def people() -> list[dict[str, Any]]:
    """Return how everybody signs in: with address and password, or at a till with staff number and PIN."""
    return [
        {
            "name": person["name"],
            "email": person["email"],
            "password": PASSWORD,
            "staff_number": person["staff_number"],
            "pin": person["pin"],
            "roles": [person["role"]],
        }
        for person in store()["people"]
    ]


def create_organisation(engine: Any) -> UUID:
    """Write the demo's organisation as a new company and return its id."""
    with UnitOfWork(engine, uuid7()) as uow:
        add_organisation(uow)
        uow.commit()
        return uow.company_id


def open_store(engine: Any, company_id: UUID, token_file: Path) -> DemoStore:
    """Return the demo store; the API token is that of the file, made when it is missing or revoked."""
    with UnitOfWork(engine, company_id) as uow:
        rows = uow.query(TILLS, {"company": company_id})
        tills = {
            row.name: Till(row.terminal_id, row.location_id, row.drawer_id, str(row.default_float))
            for row in rows
        }
        token = _token(uow, tills[MAIN_TILL].terminal_id, token_file)
        uow.commit()
    return DemoStore(company_id, tills, token)


def _token(uow: UnitOfWork, terminal_id: UUID, token_file: Path) -> str:
    known = token_file.read_text(encoding="ascii").strip() if token_file.exists() else ""
    secret = read_secret(known)
    ours = secret is not None and secret.company_id == uow.company_id
    if ours and uow.query(IS_LIVING, {"company": uow.company_id, "hash": digest(known)}):
        return known
    return _new_token(uow, terminal_id, token_file)


def _new_token(uow: UnitOfWork, terminal_id: UUID, token_file: Path) -> str:
    email = next(person["email"] for person in store()["people"] if person["role"] == "admin")
    admin = uow.query(ADMIN, {"company": uow.company_id, "email": email})[0].id
    secret = new_secret(uow.company_id)
    uow.add(ApiToken, user_id=admin, name="Demo", hash=secret.hash, terminal_id=terminal_id)
    write_private(token_file, secret.text)
    return secret.text
