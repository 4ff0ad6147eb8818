"""Who agreed that a clock is extended."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extended_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_deadline_extended_by_person"), "person", ["extended_by"], ["id"])


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_deadline_extended_by_person"), type_="foreignkey")
        batch_op.drop_column("extended_by")
