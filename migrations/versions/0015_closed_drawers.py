"""A closed drawer session and its Z report never change (DRW-06, DRW-10)."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refuse every change of a closed session, whoever tries."""
    op.execute(
        "CREATE TRIGGER drawer_session_closed BEFORE UPDATE OR DELETE ON drawer_session FOR EACH ROW "
        "WHEN (OLD.status = 'closed') EXECUTE FUNCTION lf_append_only()"
    )


def downgrade() -> None:
    """Allow it again."""
    op.execute("DROP TRIGGER drawer_session_closed ON drawer_session")
