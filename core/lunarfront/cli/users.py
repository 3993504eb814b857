"""``lunarfront users``: the way back in when nobody can sign in any more (USR-01, SEC-20)."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click

from lunarfront.cli.command import Answer, command
from lunarfront.cli.installation import installation
from lunarfront.cli.operator import as_operator, company_option, password_option, read_password
from lunarfront.kernel.config import Settings

LIST = """
SELECT u.id, u.email, u.full_name, u.staff_number, u.is_active, u.can_sign_in,
       coalesce(array_agg(r.code ORDER BY r.code) FILTER (WHERE r.code IS NOT NULL), '{}') AS roles
FROM app_user u
LEFT JOIN user_role ur ON ur.company_id = u.company_id AND ur.user_id = u.id
LEFT JOIN role r ON r.company_id = ur.company_id AND r.id = ur.role_id
WHERE u.company_id = %(company)s GROUP BY u.company_id, u.id ORDER BY u.full_name, u.id
"""


@click.group("users")
def users() -> None:
    """Users of a company."""


@users.command("list")
@company_option
@command
def list_users(settings: Settings, company: UUID | None) -> Answer:
    """All users with their roles."""
    with installation(settings) as found, as_operator(found, company) as ctx:
        rows = [row._asdict() for row in ctx.uow.query(LIST, {"company": ctx.company.id})]
    return Answer({"users": rows}, [_line(row) for row in rows])


def _line(row: dict[str, Any]) -> str:
    state = "" if row["is_active"] else "  (disabled)"
    return f"{row['email'] or '-':<36}{row['full_name']:<28}{', '.join(row['roles'])}{state}"


@users.command("create")
@company_option
@click.option("--email", required=True)
@click.option("--full-name", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, help="Code of a role, such as manager; may be repeated."
)
@click.option("--staff-number", help="Four digits.")
@password_option
@command
def create_user(
    settings: Settings,
    company: UUID | None,
    email: str,
    full_name: str,
    roles: tuple[str, ...],
    staff_number: str | None,
    password_file: Path | None,
) -> Answer:
    """Make a user who signs in with a password."""
    from lunarfront.cli.new_user import make_user

    password = read_password(password_file)
    with installation(settings) as found, as_operator(found, company) as ctx:
        made = make_user(ctx, email, full_name, roles, password, staff_number)
    return Answer({"user_id": made["id"], "email": made["email"]}, [f"{made['full_name']} can sign in now."])


@users.command("reset-password")
@company_option
@click.option("--email", required=True)
@password_option
@command
def reset_password(
    settings: Settings, company: UUID | None, email: str, password_file: Path | None
) -> Answer:
    """Set a user's password, clear his lock and end all his sign-ins."""
    from lunarfront.cli.new_user import set_new_password

    password = read_password(password_file)
    with installation(settings) as found, as_operator(found, company) as ctx:
        user_id = set_new_password(ctx, email, password)
    return Answer({"user_id": user_id}, ["The password is set; all sign-ins of this user ended."])
