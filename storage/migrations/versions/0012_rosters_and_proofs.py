"""When a team's roster was checked, and administrators' one-time codes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roster_checked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "admin_proof",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_admin_proof_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_admin_proof")),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("admin_proof")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("roster_checked_at")
