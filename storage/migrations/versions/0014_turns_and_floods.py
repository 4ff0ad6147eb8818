"""Whose update it is and who works on it; who sends too much."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    owed = sa.text("replied_at IS NULL")
    with op.batch_alter_table("inbox_update", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("held_by", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_inbox_update_account"), ["account", "update_id"], unique=False)
        batch_op.create_index(
            op.f("ix_inbox_update_owed"),
            ["account", "update_id"],
            unique=False,
            sqlite_where=owed,
            postgresql_where=owed,
        )
    op.create_table(
        "flood",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_flood")),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("flood")
    with op.batch_alter_table("inbox_update", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_inbox_update_owed"))
        batch_op.drop_index(op.f("ix_inbox_update_account"))
        batch_op.drop_column("held_by")
        batch_op.drop_column("account")
