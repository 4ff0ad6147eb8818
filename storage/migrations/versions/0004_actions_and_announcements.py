"""Actions that are closed, returned, split and redated; announcements."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "broadcast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("to_words", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("file_kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("nudged_on", sa.Date(), nullable=True),
        sa.Column("progress_shown", sa.String(), nullable=False),
        sa.Column("progress_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_broadcast_sender_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    with op.batch_alter_table("broadcast", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_broadcast_sender_id"), ["sender_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_broadcast_state"), ["state"], unique=False)

    op.create_table(
        "broadcast_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("fk_broadcast_recipient_broadcast_id_broadcast")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_broadcast_recipient_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_recipient")),
        sa.UniqueConstraint(
            "broadcast_id", "person_id", name=op.f("uq_broadcast_recipient_broadcast_id_person_id")
        ),
    )
    with op.batch_alter_table("broadcast_recipient", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_broadcast_recipient_broadcast_id"), ["broadcast_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_broadcast_recipient_person_id"), ["person_id"], unique=False)

    op.create_table(
        "broadcast_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("fk_broadcast_version_broadcast_id_broadcast")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_version")),
        sa.UniqueConstraint(
            "broadcast_id", "version", name=op.f("uq_broadcast_version_broadcast_id_version")
        ),
    )
    with op.batch_alter_table("broadcast_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_broadcast_version_broadcast_id"), ["broadcast_id"], unique=False)

    op.create_table(
        "action_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_change_action_id_action")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_action_change_person_id_person")),
        sa.ForeignKeyConstraint(
            ["share_id"], ["action_recipient.id"], name=op.f("fk_action_change_share_id_action_recipient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_change")),
    )
    with op.batch_alter_table("action_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_change_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_change_share_id"), ["share_id"], unique=False)

    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), server_default="supervision", nullable=False))
        batch_op.add_column(sa.Column("letter_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("redated", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("split_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("broadcast_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_action_broadcast_id"), ["broadcast_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_case_id"), ["case_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_action_split_from_action"), "action", ["split_from"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_action_broadcast_id_broadcast"), "broadcast", ["broadcast_id"], ["id"]
        )

    with op.batch_alter_table("action_recipient", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(), server_default="sent", nullable=False))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_action_recipient_state"), ["state"], unique=False)
    op.execute("UPDATE action_recipient SET state = 'acknowledged' WHERE acknowledged_at IS NOT NULL")
    op.execute("UPDATE action_recipient SET state = 'done' WHERE done_at IS NOT NULL")


def downgrade() -> None:
    """Back to the version before, which knows no cancelled share: such a one must not come back to life."""
    op.execute("UPDATE action_recipient SET done_at = closed_at WHERE state = 'cancelled'")
    with op.batch_alter_table("action_recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_recipient_state"))
        batch_op.drop_column("reason")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("state")

    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_action_broadcast_id_broadcast"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_action_split_from_action"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_action_case_id"))
        batch_op.drop_index(batch_op.f("ix_action_broadcast_id"))
        batch_op.drop_column("broadcast_id")
        batch_op.drop_column("split_from")
        batch_op.drop_column("redated")
        batch_op.drop_column("letter_on")
        batch_op.drop_column("kind")

    with op.batch_alter_table("action_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_change_share_id"))
        batch_op.drop_index(batch_op.f("ix_action_change_action_id"))

    op.drop_table("action_change")
    with op.batch_alter_table("broadcast_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_broadcast_version_broadcast_id"))

    op.drop_table("broadcast_version")
    with op.batch_alter_table("broadcast_recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_broadcast_recipient_person_id"))
        batch_op.drop_index(batch_op.f("ix_broadcast_recipient_broadcast_id"))

    op.drop_table("broadcast_recipient")
    with op.batch_alter_table("broadcast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_broadcast_state"))
        batch_op.drop_index(batch_op.f("ix_broadcast_sender_id"))

    op.drop_table("broadcast")
