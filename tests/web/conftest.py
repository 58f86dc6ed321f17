"""What tests of the public data share."""

import pytest

from poll_app.database import db
from tests.web.filled import filled_app


@pytest.fixture(scope="session")
def filled(migrated_sqlite, tmp_path_factory):
    """An application with everything that the public data can tell; nobody changes it."""
    app = filled_app(migrated_sqlite, tmp_path_factory.mktemp("filled"))
    yield app
    with app.app_context():
        db.engine.dispose()
