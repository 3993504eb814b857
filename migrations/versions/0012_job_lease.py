"""A lease names the queue that it was given for, so that a queue which lost its memory voids it (runtime.md §5)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("job_outbox", sa.Column("lease_epoch", sa.Text()))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("job_outbox", "lease_epoch")
