"""When a court order ends, as the sealed order says."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_column("ends_at")
        batch_op.drop_column("ends_on")
