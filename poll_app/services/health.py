"""Whether the program can do its work: `serve` asks at the start, /readyz all the time."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from poll_app.database import db, sqlite_driver, writing_connection

MIN_FREE_BYTES = 64 * 1024 * 1024
_SQLITE_WITH_FIXED_WAL = (3, 51, 3)


def is_ready() -> bool:
    """True when the database answers and stands at the newest migration."""
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == (
                newest_migration()
            )
    except SQLAlchemyError:
        return False


def find_obstacle(data_dir: Path) -> str | None:
    """Why the program can't start to serve, in one sentence; None when it can.

    Leaves no connection open: a server may fork from here.
    """
    try:
        if not is_ready():
            return "The database is not there or not migrated: run “poll-app init”."
        try:
            with writing_connection(db.engine):
                pass
        except (SQLAlchemyError, OSError) as error:
            return f"The database can't be written to: {getattr(error, 'orig', error)}."
        if shutil.disk_usage(data_dir).free < MIN_FREE_BYTES:
            return f"Less than {MIN_FREE_BYTES >> 20} MiB are free where {data_dir} lies."
    finally:
        db.session.remove()
        db.engine.dispose()
    return None


def describe_database() -> str:
    """The database in a few words, for the operator."""
    if db.engine.dialect.name != "sqlite":
        return "PostgreSQL"
    return describe_sqlite(sqlite_driver.sqlite_version_info)


def describe_sqlite(version: tuple[int, ...]) -> str:
    """SQLite with its version, and what an old one needs."""
    named = "SQLite " + ".".join(map(str, version))
    if version >= _SQLITE_WITH_FIXED_WAL:
        return named
    return f"{named} (before 3.51.3: one process writes or checkpoints at a time)"


@cache
def newest_migration() -> str | None:
    """The migration that the code expects."""
    folder = Path(__file__).parent.parent / "migrations"
    return ScriptDirectory(str(folder)).get_current_head()
