"""What every test may ask for: an application on a real, migrated database, and a reader's client."""

import os
import shutil
from datetime import UTC, datetime

import pytest
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, text

from poll_app import create_app
from poll_app.config import load_settings
from poll_app.database import Base, db
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from tests.desk_client import signed_in_client
from tests.inspecting_client import InspectingClient

SECRET = "a secret that is long enough for a test"
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def settings_for(data_dir, **changes):
    """Settings as an installation would read them, from nothing but these values."""
    environ = {
        "POLL_DATA_DIR": str(data_dir),
        "POLL_SECRET_KEY": SECRET,
        "POLL_VOTE_LIMIT": "off",
        **changes,
    }
    return load_settings(environ)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    """A freshly migrated SQLite file, to be copied by each test."""
    data_dir = tmp_path_factory.mktemp("migrated")
    app = create_app(settings_for(data_dir))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return data_dir / "poll_app.sqlite"


@pytest.fixture(scope="session")
def migrated_postgresql(tmp_path_factory):
    """The address of a migrated PostgreSQL database."""
    url = os.environ.get("POLL_TEST_DATABASE_URL")
    if not url:
        pytest.skip("no PostgreSQL here: set POLL_TEST_DATABASE_URL to an empty database")
    app = create_app(settings_for(tmp_path_factory.mktemp("pg"), POLL_DATABASE_URL=url))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return app.extensions["settings"].database_url


@pytest.fixture
def sqlite_url(migrated_sqlite, tmp_path):
    """A migrated, empty SQLite database of this test alone."""
    shutil.copy(migrated_sqlite, tmp_path / "poll_app.sqlite")
    return f"sqlite:///{tmp_path / 'poll_app.sqlite'}"


@pytest.fixture
def postgresql_url(migrated_postgresql):
    """The migrated PostgreSQL database, emptied."""
    engine = create_engine(migrated_postgresql)
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE acts DISABLE TRIGGER USER"))  # it keeps every line
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        connection.execute(text("ALTER TABLE acts ENABLE TRIGGER USER"))
    engine.dispose()
    return migrated_postgresql


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request):
    """Each database the program runs on, in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory):
    """Templates are compiled once, not once per application: that is most of a page test's time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(sqlite_url, tmp_path, compiled_templates):
    """Applications on this test's SQLite database, with settings of choice."""
    apps = []

    def make(**changes):
        app = create_app(settings_for(tmp_path, **{"POLL_DATABASE_URL": sqlite_url, **changes}))
        app.test_client_class = InspectingClient
        app.testing = True
        app.jinja_env.bytecode_cache = compiled_templates
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app):
    """The application as readers meet it."""
    return make_app()


@pytest.fixture
def client(app):
    """A browser on the site's own pages, with no cookie yet."""
    return app.test_client()


@pytest.fixture
def moderator(app):
    """A browser where a moderator is signed in."""
    return signed_in_client(app, "moderator")


@pytest.fixture
def editor(app):
    """A browser where an editor is signed in."""
    return signed_in_client(app, "editor")


@pytest.fixture
def admin(app):
    """A browser where an admin is signed in."""
    return signed_in_client(app, "admin")


@pytest.fixture
def services(database_url, tmp_path):
    """An application context on each database: what service tests run in."""
    app = create_app(settings_for(tmp_path, POLL_DATABASE_URL=database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def new_poll(app):
    """Makes an open poll on the application of this test and returns how a page sees it."""

    def make(question="Is this a question?", options=("Yes", "No"), **details):
        opens_at = details.pop("opens_at", datetime(2026, 1, 1, tzinfo=UTC))
        closes_at = details.pop("closes_at", None)
        new = NewPoll(
            question, options=options, not_sure=details.pop("not_sure", "Not sure"), **details
        )
        now = datetime.now(UTC)
        with app.app_context():
            slug = add_poll(new, opens_at=opens_at, closes_at=closes_at, now=now)
            return get_poll(slug, now=now) if opens_at else slug

    return make
