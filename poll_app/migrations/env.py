"""Runs the migrations on the application's own database connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from poll_app.database import UTCDateTime, db


def _plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name the column types of the database: they must outlive today's classes."""
    return (
        "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False
    )


def _run() -> None:
    """One transaction for the whole upgrade: the old shape or the new one, never between."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:  # it changes a table by copying it, which must not break references
            driver.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection, target_metadata=db.metadata, render_item=_plain_type, **options
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            driver.execute("PRAGMA foreign_keys=ON")


_run()
