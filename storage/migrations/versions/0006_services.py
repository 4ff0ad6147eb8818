"""The service that a team belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("service", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(op.f("ix_team_service"), ["service"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_team_service"))
        batch_op.drop_column("service")
