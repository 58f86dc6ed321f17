"""Whether a discussion is still what a kept page shows of it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from poll_app.database import db
from poll_app.models import Discussion


def watch_discussion(poll_id: int, version: int) -> Callable[[], bool]:
    """What tells later, at the cost of one statement and outside of any request, whether nothing
    was written, marked or decided since this version. False as well when the database can't say."""
    engine = db.engine
    statement = select(Discussion.version).where(Discussion.poll_id == poll_id)

    def is_unchanged() -> bool:
        try:
            with engine.connect() as connection:
                return (connection.scalar(statement) or 0) == version
        except SQLAlchemyError:
            return False

    return is_unchanged
