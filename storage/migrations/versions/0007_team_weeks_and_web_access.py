"""Teams' figures by week, supervision sessions, and ways into the web part."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "team_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_week_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_week")),
        sa.UniqueConstraint("team_id", "monday", name=op.f("uq_team_week_team_id_monday")),
    )
    op.create_index(op.f("ix_team_week_team_id"), "team_week", ["team_id"])
    op.create_table(
        "supervision_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["person.id"], name=op.f("fk_supervision_session_manager_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["person.id"], name=op.f("fk_supervision_session_worker_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_session")),
    )
    op.create_index(op.f("ix_supervision_session_manager_id"), "supervision_session", ["manager_id"])
    op.create_index(op.f("ix_supervision_session_worker_id"), "supervision_session", ["worker_id"])
    op.create_table(
        "web_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_key_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_web_key_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_web_key_key_hash")),
    )
    op.create_index(op.f("ix_web_key_person_id"), "web_key", ["person_id"])


def downgrade() -> None:
    """Back to the version before."""
    op.drop_table("web_key")
    op.drop_table("supervision_session")
    op.drop_table("team_week")
