"""Which entry a person was shown last, by ids, for follow-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "shown_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shown_entry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_entry")),
    )
    with op.batch_alter_table("shown_entry", schema=None) as batch_op:
        batch_op.create_index("ix_shown_entry_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_shown_entry_shown_at", ["shown_at"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("shown_entry")
