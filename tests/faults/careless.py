"""A broken build, to show that a test of power cuts tests: it answers before the disk has it."""

from sqlalchemy import Engine, event

from poll_app.database import sqlite_driver
from poll_app.wsgi import application as careful


def application():
    """The program with synchronous=NORMAL."""
    event.listen(Engine, "connect", _be_careless)  # after the program's own listener
    return careful()


def _be_careless(connection, _record):
    if isinstance(connection, sqlite_driver.Connection):
        connection.execute("PRAGMA synchronous=NORMAL")
