"""The audit trail may be cut at its beginning, up to a line that an anchor names."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CUT = "(SELECT coalesce(max(number), 0) FROM audit_anchor)"
_NEVER = "a sealed audit line is never changed"
_FUNCTION = f"""
CREATE FUNCTION audit_is_cut_at_its_anchor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number > {_CUT} THEN RAISE EXCEPTION '{_NEVER}'; END IF;
    RETURN OLD;
END $$
"""
_TRIGGER = """
CREATE TRIGGER audit_no_DELETE BEFORE DELETE ON audit FOR EACH ROW
WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION {function}()
"""
_SQLITE = f"""
CREATE TRIGGER audit_no_DELETE BEFORE DELETE ON audit FOR EACH ROW
WHEN OLD.number IS NOT NULL {{besides}} BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END
"""
_ANCHOR_POSTGRESQL = """
CREATE TRIGGER audit_anchor_no_{what} BEFORE {what} ON audit_anchor FOR EACH ROW
EXECUTE FUNCTION audit_is_append_only()
"""
_ANCHOR_SQLITE = f"""
CREATE TRIGGER audit_anchor_no_{{what}} BEFORE {{what}} ON audit_anchor FOR EACH ROW
BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END
"""


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "audit_anchor",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("cut_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_anchor")),
    )
    if _on_postgresql():
        op.execute("DROP TRIGGER audit_no_DELETE ON audit")
        op.execute(_FUNCTION)
        op.execute(_TRIGGER.format(function="audit_is_cut_at_its_anchor"))
    else:
        op.execute("DROP TRIGGER audit_no_DELETE")
        op.execute(_SQLITE.format(besides=f"AND OLD.number > {_CUT}"))
    for what in ("UPDATE", "DELETE"):
        op.execute((_ANCHOR_POSTGRESQL if _on_postgresql() else _ANCHOR_SQLITE).format(what=what))


def downgrade() -> None:
    """Back to the version before."""
    if _on_postgresql():
        op.execute("DROP TRIGGER audit_no_DELETE ON audit")
        op.execute(_TRIGGER.format(function="audit_is_append_only"))
        op.execute("DROP FUNCTION audit_is_cut_at_its_anchor")
    else:
        op.execute("DROP TRIGGER audit_no_DELETE")
        op.execute(_SQLITE.format(besides=""))
    op.drop_table("audit_anchor")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
