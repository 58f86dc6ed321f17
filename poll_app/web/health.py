"""For machines that watch: does the process live, can it do its work."""

from __future__ import annotations

from flask import Blueprint, Response

from poll_app.services.health import is_ready

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """The process lives; the database is not asked."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """The database answers and is migrated."""
    ready = is_ready()
    answer = Response("ready\n" if ready else "not ready\n", 200 if ready else 503)
    answer.mimetype = "text/plain"
    if not ready:
        answer.headers["Retry-After"] = "5"
    return answer
