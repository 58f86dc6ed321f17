"""Backup and restore of an installation's SQLite database; PostgreSQL has tools of its own."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from poll_app.database import db, sqlite_driver
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.services.health import newest_migration


def back_up(target: Path) -> None:
    """Writes one consistent moment of the database to a new file, while ballots keep arriving, and
    verifies it. Every ballot acknowledged before the call is in it.

    Raises Refusal when the target exists, on PostgreSQL, or when the copy is not sound.
    """
    source = _sqlite_file(db.engine, "pg_dump --format=custom --file=FILE")
    _refuse_existing(target)
    with closing(_open(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    _sync(target)
    verify(target)


def restore(source: Path) -> None:
    """Puts a backup in the place of the database, which must not be there yet, after verifying it.

    Raises Refusal when there is a database, on PostgreSQL, or when the backup is not sound.
    """
    target = _sqlite_file(db.engine, "pg_restore --dbname=NAME FILE")
    for suffix in ("", "-wal", "-shm", "-journal"):  # a log left behind would be played into it
        _refuse_existing(Path(f"{target}{suffix}"))
    verify(source)
    unfinished = target.with_suffix(".restoring")
    shutil.copyfile(source, unfinished)
    _sync(unfinished)
    unfinished.rename(target)  # whole or not at all
    _sync(target.parent)


def verify(file: Path) -> None:
    """Raises Refusal unless the file is a sound database of this program's present shape, whose
    ballots and tallies are as many."""
    if not file.is_file():
        raise Refusal(sentence("There is no file %(file)s.", file=file))
    try:
        with closing(_open(file)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            stated = connection.execute("SELECT coalesce(sum(ballots), 0) FROM turnouts").fetchone()
            held = connection.execute("SELECT count(*) FROM ballots WHERE state = 'counted'")
            whole = sound and orphans is None and held.fetchone() == stated
    except sqlite_driver.DatabaseError as error:
        raise Refusal(sentence("%(file)s is not a backup of this program.", file=file)) from error
    if not whole:
        raise Refusal(sentence("%(file)s is damaged and was not used.", file=file))
    if revision != (newest_migration(),):
        raise Refusal(sentence("%(file)s is of another version of this program.", file=file))


def _sqlite_file(engine: Engine, tool: str) -> Path:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise Refusal(
            sentence("This installation runs on PostgreSQL; use its own tool: %(tool)s", tool=tool)
        )
    return Path(engine.url.database)


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise Refusal(sentence("%(file)s is there already and stays as it is.", file=target))


def _open(file: Path) -> Any:
    return sqlite_driver.connect(
        f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
