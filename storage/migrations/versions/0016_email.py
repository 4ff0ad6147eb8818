"""Where due reminders go while Telegram can't reach a person."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("email")
