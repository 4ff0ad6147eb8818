"""Alembic's entry point: runs on the connection that storage.migrating hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage import tables  # noqa: F401 -- registers the tables


def _rendered(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations name plain SQLAlchemy types, so that they outlive the table library."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=_rendered,
)
with context.begin_transaction():
    context.run_migrations()
