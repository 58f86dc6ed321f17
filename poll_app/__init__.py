"""Polls for the open questions at the end of an article."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import Engine

from poll_app import web
from poll_app.config import Settings, load_settings
from poll_app.database import db, engine_options, migrate
from poll_app.services.ballot_box import BallotBox

__version__ = "0.1.0"

# A request reads with one connection and lets go of it before it writes.
CONNECTIONS = 32

_PACKAGE = Path(__file__).parent


def create_app(
    settings: Settings | None = None, *, translations: Path = _PACKAGE / "translations"
) -> Flask:
    """The application, ready to serve, speaking the languages that `translations` holds.

    Raises SettingError for a setting that can't be used.
    """
    settings = settings or load_settings()
    app = Flask(
        "poll_app",
        instance_path=str(settings.data_dir),
        template_folder=str(_beside("templates")),
        static_folder=str(_beside("static")),
    )
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, connections=CONNECTIONS),
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=64,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        BABEL_DEFAULT_LOCALE=settings.locale,
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
        BABEL_TRANSLATION_DIRECTORIES=str(translations),
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["settings"] = settings
    db.init_app(app)
    migrate.init_app(app, directory=str(_PACKAGE / "migrations"))
    with app.app_context():
        app.extensions["ballot_box"] = BallotBox(_engine())
    web.init_app(app, settings)
    return app


def _engine() -> Engine:
    return db.engine


def _beside(name: str) -> Path:
    """`templates/` or `static/`: inside the package in a wheel, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
