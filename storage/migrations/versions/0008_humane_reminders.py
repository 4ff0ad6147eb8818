"""Each person's times, leave with cover, bundles, snoozes counted, and when the bot was last at work."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("away_since", _MOMENT, nullable=True),
        sa.Column("away_until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_person_id_person")),
        sa.ForeignKeyConstraint(["cover_id"], ["person.id"], name=op.f("fk_leave_cover_id_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_leave_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index(op.f("ix_leave_person_id"), "leave", ["person_id"], unique=False)
    op.create_index(op.f("ix_leave_cover_id"), "leave", ["cover_id"], unique=False)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("work_days", sa.Integer(), server_default="31", nullable=False))
        batch_op.add_column(sa.Column("quiet_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("quiet_to", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("discreet", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snoozes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("snooze_reason", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bundled_into", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_outgoing_message_bundled_into"), ["bundled_into"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_outgoing_message_bundled_into"))
        batch_op.drop_column("bundled_into")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_column("snooze_reason")
        batch_op.drop_column("snoozes")
    with op.batch_alter_table("person", schema=None) as batch_op:
        for name in ("discreet", "quiet_to", "quiet_from", "work_days"):
            batch_op.drop_column(name)
    op.drop_table("leave")
    op.drop_table("heartbeat")
