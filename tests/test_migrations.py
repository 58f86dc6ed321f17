"""Migrations: they make exactly the tables of the models, one by one, forth and back."""

import io

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from poll_app import create_app
from poll_app.database import Base, db, engine_options
from poll_app.services.health import is_ready
from tests.conftest import settings_for

SCHEMA = "migration_test"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app(request, tmp_path):
    """The program on an empty database of either kind."""
    if request.param == "sqlite":
        yield from _application(tmp_path)
        return
    url = request.getfixturevalue("migrated_postgresql")
    engine = create_engine(url, **engine_options(url, connections=1))
    with engine.begin() as connection:  # a schema of its own: the tables beside it stay as they are
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    mark = "&" if "?" in url else "?"
    yield from _application(
        tmp_path, POLL_DATABASE_URL=f"{url}{mark}options=-csearch_path%3D{SCHEMA}"
    )
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    engine.dispose()


def _application(tmp_path, **changes):
    app = create_app(settings_for(tmp_path, **changes))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def shape():
    """Everything the database knows of its tables."""
    known = inspect(db.engine)
    return {
        table: {
            "columns": [
                {**column, "type": str(column["type"])} for column in known.get_columns(table)
            ],
            "primary key": known.get_pk_constraint(table),
            "foreign keys": sorted(known.get_foreign_keys(table), key=str),
            "unique": sorted(known.get_unique_constraints(table), key=str),
            "checks": sorted(known.get_check_constraints(table), key=str),
            "indexes": sorted(map(in_words, known.get_indexes(table)), key=str),
        }
        for table in sorted(known.get_table_names())
        if table != "alembic_version"
    }


def in_words(index):
    """An index; the condition of a partial one, an object, as the text it stands for."""
    options = index.get("dialect_options", {})
    return {**index, "dialect_options": {name: str(value) for name, value in options.items()}}


def revisions(app):
    """Every migration, oldest first."""
    script = ScriptDirectory(app.extensions["migrate"].directory)
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_the_migrations_make_the_tables_of_the_models(app):
    assert not is_ready()

    upgrade()

    assert is_ready()
    assert set(shape()) == set(Base.metadata.tables)
    config = app.extensions["migrate"].migrate.get_config()
    config.stdout = io.StringIO()
    command.check(config)  # raises where a model says something else than the migrations


def test_the_migrations_name_and_check_what_the_models_do(app):
    upgrade()
    by_migrations = shape()

    downgrade(revision="base")
    Base.metadata.create_all(db.engine)

    assert shape() == by_migrations


def test_upgrading_twice_changes_nothing(app):
    upgrade()
    before = shape()

    upgrade()

    assert shape() == before


def test_every_migration_can_be_taken_back_and_made_again(app):
    shapes = [shape()]
    for revision in revisions(app):
        upgrade(revision=revision)
        shapes.append(shape())

    for place in range(len(shapes) - 2, -1, -1):
        downgrade()
        assert shape() == shapes[place]
        upgrade(revision=revisions(app)[place])
        assert shape() == shapes[place + 1]
        downgrade()

    assert shapes[0] == {}
    upgrade()
    assert shape() == shapes[-1]


def test_the_record_takes_new_lines_only_whatever_is_taken_back(app):
    """Migrations change its table, which must not lose what guards it."""
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO acts (at, who, act, subject, before, after, reason, public)"
                " VALUES ('2026-11-22 12:00:00+00:00', 'Ada', 'poll.added', 'A?', '{}', '{}', '', false)"
            )
        )
    for revision in (None, "0003", "0002", None):
        if revision:
            downgrade(revision=revision)
        else:
            upgrade()
        with pytest.raises(DBAPIError, match="new lines only"), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM acts"))


def test_there_is_one_row_of_migrations(app):
    script = ScriptDirectory(app.extensions["migrate"].directory)

    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_every_constraint_has_a_name_that_a_later_migration_can_use(app):
    upgrade()

    for table, parts in shape().items():
        named = [
            parts["primary key"],
            *parts["foreign keys"],
            *parts["unique"],
            *parts["checks"],
            *parts["indexes"],
        ]
        for constraint in named:
            name = constraint["name"] or ""
            assert name.split("_")[0] in {"pk", "fk", "uq", "ck", "ix"}, f"{table}: {constraint}"
            assert name.split("_", 1)[1].startswith(table)


def test_a_migration_that_fails_leaves_the_tables_as_they_were(app):
    """A table of the second step is in the way: nothing of the first may stay behind."""
    last = max(Base.metadata.tables)
    with db.engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {last} (id INTEGER)"))
    before = shape()

    with pytest.raises(Exception, match=last):
        upgrade()

    assert shape() == before
    assert not is_ready()
