"""Whether the program can do its work: what stands in its way is said in one sentence."""

from pathlib import Path

import pytest

from poll_app.database import db
from poll_app.services.health import (
    describe_database,
    describe_sqlite,
    find_obstacle,
    is_ready,
    newest_migration,
)


def test_a_migrated_database_that_can_be_written_is_no_obstacle(services, tmp_path):
    assert is_ready()
    assert find_obstacle(tmp_path) is None
    assert db.engine.pool.checkedin() == 0  # a server may fork from here


def test_a_database_of_another_version_is_an_obstacle(services, tmp_path):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    try:
        assert not is_ready()
        assert "poll-app init" in find_obstacle(tmp_path)
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE alembic_version SET version_num = '{newest_migration()}'"
            )


def test_a_database_that_is_not_there_is_an_obstacle(make_app, tmp_path):
    with make_app(POLL_DATABASE_URL=f"sqlite:///{tmp_path}/no/such/place.sqlite").app_context():
        assert not is_ready()
        assert "poll-app init" in find_obstacle(tmp_path)


def test_a_database_that_can_not_be_written_is_an_obstacle(app, tmp_path):
    (tmp_path / "poll_app.sqlite.lock").mkdir()

    with app.app_context():
        assert find_obstacle(tmp_path).startswith("The database can't be written to: ")


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="a place without any room is known on Linux only"
)
def test_a_disk_without_room_is_an_obstacle(app):
    with app.app_context():
        assert find_obstacle(Path("/proc")) == "Less than 64 MiB are free where /proc lies."


def test_the_database_is_named_for_the_operator(services):
    name = {"sqlite": "SQLite 3.", "postgresql": "PostgreSQL"}[db.engine.dialect.name]

    assert describe_database().startswith(name)


def test_an_old_sqlite_is_named_with_what_it_needs():
    assert describe_sqlite((3, 40, 1)).startswith("SQLite 3.40.1 (before 3.51.3")
    assert describe_sqlite((3, 53, 4)) == "SQLite 3.53.4"
