"""Whether a poll and what belongs to it are still the same: one statement that asks for the numbers
which every change raises, cheap enough for the hot path."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Dialect, Engine, Table, bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from poll_app.models import Article, Discussion, Poll, Turnout

# Plain tables: a statement on the mapped classes costs twice the time.
_POLLS, _ARTICLES, _TURNOUTS, _DISCUSSIONS = (
    cast("Table", model.__table__) for model in (Poll, Article, Turnout, Discussion)
)
# The salt and revisions of the poll and its article; the version of its figures; of its discussion.
VERSIONS = (
    select(
        _POLLS.c.voter_salt,
        _POLLS.c.revision,
        func.coalesce(_ARTICLES.c.revision, 0),
        _TURNOUTS.c.version,
        func.coalesce(_DISCUSSIONS.c.version, 0),
    )
    .join(_TURNOUTS, _TURNOUTS.c.poll_id == _POLLS.c.id)
    .outerjoin(_ARTICLES, _POLLS.c.article_id == _ARTICLES.c.id)
    .outerjoin(_DISCUSSIONS, _DISCUSSIONS.c.poll_id == _POLLS.c.id)
    .where(_POLLS.c.slug == bindparam("slug"))
)


def versions_of(dialect: Dialect, slug: str) -> tuple[str, Any]:
    """The statement in the driver's own words, and its parameters: SQLAlchemy's own work would be
    four fifths of its time."""
    compiled = _compiled(dialect)
    named = compiled.construct_params({"slug": slug})
    return str(compiled), [named[name] for name in compiled.positiontup or ()] or named


@lru_cache(maxsize=2)
def _compiled(dialect: Dialect) -> Any:
    return VERSIONS.compile(dialect=dialect)


def row_of(engine: Engine, statement: str, parameters: Any) -> tuple[object, ...] | None:
    """The numbers, outside of any request; None without such a poll or when nobody can say."""
    connection = None
    try:
        connection = engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
        cursor.close()
        return tuple(row) if row else None
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error):
        if connection is not None:
            connection.invalidate()
        return None
    finally:
        if connection is not None:
            connection.close()
