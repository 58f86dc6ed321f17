"""The one handle on the database: naming of constraints, SQLite's settings, UTC times, writing.

Reads use `db.session`. Writes go through `writing()`, which holds the write lock for the whole
transaction: SQLite lets one connection write at a time, and one that first reads and then wants to
write is refused at once when another one wrote in between.

SQLite's own way of waiting for another process is to sleep and try again, and it is not fair: one
of two busy processes starves. So every write first takes a lock on a file beside the database,
which the system frees when a process dies. The lock is asked for again and again, because the
system's own queue for it knows no time limit; a second file is the turnstile before it: who comes
out of the lock has to pass it again, behind the one who stands in it. The checkpoint, too, then
runs under that lock (a commit does it), which keeps SQLite before 3.51.3 clear of its WAL-reset
fault.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import DeclarativeBase, Session

try:  # a current SQLite where the package index has one ready; see docs/performance.md
    from pysqlite3 import dbapi2 as _driver
except ImportError:
    import sqlite3 as _driver

try:
    import fcntl
except ImportError:  # no such locks on this system: SQLite's own has to do
    fcntl = None  # type: ignore[assignment]

sqlite_driver: Any = _driver

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 5_000
_BEGIN = "poll_app_begin"
_LOOK_AGAIN_S = 0.0005


class Base(DeclarativeBase):
    """Every table of the program."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate(db=db, render_as_batch=True)


def engine_options(url: str, *, connections: int) -> dict[str, Any]:
    """How to connect: the SQLite driver at hand, and as many connections as threads may ask for."""
    options: dict[str, Any] = {
        "pool_size": connections,
        "max_overflow": connections,
        "pool_timeout": BUSY_TIMEOUT_MS / 1000,
        # The one used last comes first: it has its statements and its pages at hand.
        "pool_use_lifo": True,
    }
    if url.startswith("sqlite"):
        options["module"] = sqlite_driver
    else:  # who can't get a row within this time is told to come back
        own = make_url(url).query  # what the address asks for comes last and wins
        limits = f"-c lock_timeout={BUSY_TIMEOUT_MS}"
        options["connect_args"] = {
            "options": f"{limits} {own.get('options', '')}".strip(),
            "connect_timeout": own.get("connect_timeout", BUSY_TIMEOUT_MS // 1000),
        }
    return options


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it goes in as UTC and comes back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuses a time without a zone: nobody could say what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Aware UTC, from both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Durable (an acknowledged ballot survives a power cut), checked, and patient."""
    if not isinstance(connection, sqlite_driver.Connection):
        return
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "trusted_schema=OFF",
        "secure_delete=ON",  # what a reader erases is overwritten, not only left out
        # KiB; each connection of the pool fills its own, the system keeps the file in memory too
        "cache_size=-512",
    ):
        connection.execute(f"PRAGMA {setting}")


@event.listens_for(Engine, "handle_error")
def _let_go_of_what_can_only_read(context: ExceptionContext) -> None:
    """A SQLite connection that was opened while the file could not be written never writes again:
    it leaves the pool, and so does every other one."""
    if getattr(context.original_exception, "sqlite_errorname", "").startswith("SQLITE_READONLY"):
        context.is_disconnect = True


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A read is one snapshot; a write takes the write lock before it reads anything."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


@contextmanager
def writing_connection(
    engine: Engine, *, within_s: float = BUSY_TIMEOUT_MS / 1000
) -> Iterator[Connection]:
    """A connection inside one write transaction, committed at the end, rolled back on any error.

    Raises NoConnection or the database's own error when the transaction can't begin `within_s`.
    """
    deadline = time.monotonic() + within_s
    with _write_lock(engine, deadline), engine.connect() as plain:
        connection = plain.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        left_ms = max(1, round(1000 * (deadline - time.monotonic())))
        if engine.dialect.name == "sqlite":
            driver: Any = plain.connection.driver_connection
            driver.execute(f"PRAGMA busy_timeout={left_ms}")
        with connection.begin():
            if engine.dialect.name != "sqlite" and left_ms < 0.9 * BUSY_TIMEOUT_MS:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout={left_ms}")
            yield connection


def _write_lock(engine: Engine, deadline: float) -> AbstractContextManager[None]:
    """Keeps every other writer of this SQLite database away, in this process and in all others."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or fcntl is None:
        return nullcontext()
    return _locked(file, deadline)


@contextmanager
def _locked(file: str, deadline: float) -> Iterator[None]:
    turnstile = _taken(f"{file}.next.lock", deadline)
    try:
        lock = _taken(f"{file}.lock", deadline)
    finally:
        os.close(turnstile)
    try:
        yield
    finally:
        os.close(lock)


def _taken(path: str, deadline: float) -> int:
    """The open file once it is locked for us alone; closing it frees the lock."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _await_lock(handle, deadline)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _await_lock(handle: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            if time.monotonic() > deadline:
                raise NoConnection("another writer holds the database") from held
            time.sleep(_LOOK_AGAIN_S)
        else:
            return


@contextmanager
def writing(*, within_s: float = BUSY_TIMEOUT_MS / 1000) -> Iterator[Session]:
    """A session inside one write transaction, committed at the end, rolled back on any error. What
    `db.session` has read before is let go, so that it sees what was written here."""
    db.session.rollback()
    writable = writing_connection(db.engine, within_s=within_s)
    with writable as connection, Session(connection) as session:
        yield session
        session.flush()


@contextmanager
def reading() -> Iterator[Session]:
    """A session that sees one moment of the database throughout and holds nobody up."""
    db.session.rollback()
    with db.engine.connect() as plain:
        connection = (
            plain.execution_options(isolation_level="REPEATABLE READ")
            if plain.dialect.name == "postgresql"
            else plain  # SQLite: every transaction is such a snapshot
        )
        with connection.begin(), Session(connection) as session:
            yield session


def insert_into(table: Any, dialect: Dialect) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the database at hand."""
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
