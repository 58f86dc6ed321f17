"""What a server loads: `poll_app.wsgi:application()`, the application behind its front."""

from __future__ import annotations

from poll_app import create_app
from poll_app.web.front import Front


def application() -> Front:
    """The whole program as one WSGI application. Raises SettingError."""
    app = create_app()
    return Front(app, hosts=app.config["TRUSTED_HOSTS"])
