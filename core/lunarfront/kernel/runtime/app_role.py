"""The start-up refusal of SEC-01: the application must not be able to pass row-level security."""

from sqlalchemy import Connection, text

from lunarfront.kernel.runtime.errors import StartRefused

#: Membership counts like the right itself, since SET ROLE is open to everybody who is a member.
DANGERS = text(
    """
    SELECT current_user,
           EXISTS (SELECT FROM pg_roles r WHERE r.rolsuper AND pg_has_role(current_user, r.oid, 'MEMBER')),
           EXISTS (SELECT FROM pg_roles r WHERE r.rolbypassrls AND pg_has_role(current_user, r.oid, 'MEMBER')),
           (SELECT min(c.oid::regclass::text) FROM pg_class c
             WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND pg_has_role(current_user, c.relowner, 'MEMBER'))
    """
)
ADVICE = "Set DATABASE_URL to the role lf_app, or leave its roles to `lunarfront db upgrade` (SEC-01)."


def assert_app_role_is_safe(connection: Connection) -> None:
    """Raise StartRefused if the signed-in role is superuser, has BYPASSRLS or owns a table (SEC-01)."""
    user, superuser, bypasses, owned = connection.execute(DANGERS).one()
    reasons = (
        (superuser, "is a superuser"),
        (bypasses, "may pass row-level security (BYPASSRLS)"),
        (owned is not None, f"owns the table {owned}"),
    )
    for holds, reason in reasons:
        if holds:
            raise StartRefused(f"The application's database role {user} {reason}. {ADVICE}")
