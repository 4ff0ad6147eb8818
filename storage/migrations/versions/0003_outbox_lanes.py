"""Classes, claims by process and doubts in the outbox; the pace that all processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "sending_lane",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sending_lane")),
    )
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgency", sa.String(), server_default="normal", nullable=False))
        batch_op.add_column(sa.Column("doubts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("claimed_by", sa.Integer(), nullable=True))
        batch_op.drop_index("ix_outgoing_message_due")
        batch_op.create_index("ix_outgoing_message_due", ["state", "urgency", "not_before"], unique=False)
        batch_op.create_index("ix_outgoing_message_about", ["subject_id", "kind"], unique=False)
        batch_op.create_index("ix_outgoing_message_settled", ["settled_at"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_message_settled")
        batch_op.drop_index("ix_outgoing_message_about")
        batch_op.drop_index("ix_outgoing_message_due")
        batch_op.create_index("ix_outgoing_message_due", ["state", "not_before"], unique=False)
        batch_op.drop_column("claimed_by")
        batch_op.drop_column("doubts")
        batch_op.drop_column("urgency")
    op.drop_table("sending_lane")
