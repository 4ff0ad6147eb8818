"""Messages in chats that name a case and are no outbox row's own: replies, and later parts of long ones."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "named_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_named_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_message")),
        sa.UniqueConstraint("person_id", "message_id", name=op.f("uq_named_message_person_id_message_id")),
    )
    op.create_index(op.f("ix_named_message_sent_at"), "named_message", ["sent_at"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("named_message")
