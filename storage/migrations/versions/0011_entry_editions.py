"""How entries stood, and who is to hear that one has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "entry_edition",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_entry_edition")),
    )
    op.create_table(
        "entry_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entry_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_notice")),
    )
    with op.batch_alter_table("entry_notice", schema=None) as batch_op:
        batch_op.create_index("ix_entry_notice_entry", ["entry"], unique=False)
        batch_op.create_index("ix_entry_notice_person_id", ["person_id"], unique=False)


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("entry_notice")
    op.drop_table("entry_edition")
