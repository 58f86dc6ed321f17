"""What a server loads: `poll_app.wsgi:application()`, the application behind its front."""

from __future__ import annotations

import gc

from flask import Flask

from poll_app import create_app
from poll_app.web.front import Front


def application() -> Front:
    """The whole program as one WSGI application. Raises SettingError."""
    return ready(create_app())


def ready(app: Flask) -> Front:
    """The application behind its front, ready to serve.

    What is loaded by now stays as long as the process: left to the garbage collector, it would be
    looked through again and again, and every request would stand still for that long.
    """
    gc.collect()
    gc.freeze()
    return Front(app, hosts=app.config["TRUSTED_HOSTS"])
