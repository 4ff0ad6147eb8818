"""Audit lines are sealed one after the other, and sealed ones can't be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FUNCTION = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a sealed audit line is never changed'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER audit_no_{what} BEFORE {what} ON audit FOR EACH ROW
WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION audit_is_append_only()
"""
_SQLITE = """
CREATE TRIGGER audit_no_{what} BEFORE {what} ON audit FOR EACH ROW WHEN OLD.number IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a sealed audit line is never changed'); END
"""


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("seal", sa.String(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_audit_number"), ["number"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)
    for what in ("UPDATE", "DELETE"):
        op.execute(_trigger().format(what=what))


def downgrade() -> None:
    """Back to the version before."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for what in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER audit_no_{what}{' ON audit' if postgresql else ''}")
    if postgresql:
        op.execute("DROP FUNCTION audit_is_append_only")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_audit_number"), type_="unique")
        batch_op.drop_column("seal")
        batch_op.drop_column("number")


def _trigger() -> str:
    return _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE
