"""Whether the database answers and has the shape this program expects."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from poll_app.database import db


def is_ready() -> bool:
    """True when the database answers and stands at the newest migration."""
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == _newest()
    except SQLAlchemyError:
        return False


@cache
def _newest() -> str | None:
    folder = Path(__file__).parent.parent / "migrations"
    return ScriptDirectory(str(folder)).get_current_head()
