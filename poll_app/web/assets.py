"""Stylesheets and icons: a hash of the content in the address lets them be kept for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, request, url_for

from poll_app.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Gives templates `asset(name)` and the application its `edition`, a hash of everything a page
    is made of besides its data.
    """
    static, templates = Path(app.static_folder or ""), Path(str(app.template_folder))
    hashes = {
        path.relative_to(static).as_posix(): _hash(path.read_bytes())
        for path in sorted(static.rglob("*"))
        if path.is_file()
    }
    pages = b"".join(path.read_bytes() for path in sorted(templates.rglob("*.*")))
    app.extensions["edition"] = _hash(pages + repr((hashes, settings.site_name)).encode())

    @app.template_global()
    def asset(name: str) -> str:
        return url_for("static", filename=name, v=hashes[name])

    @app.after_request
    def keep_assets(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in {200, 304}:
            name = (request.view_args or {}).get("filename", "")
            fresh = request.args.get("v") == hashes.get(name, "")
            response.headers["Cache-Control"] = (
                "public, max-age=31536000, immutable" if fresh else "public, max-age=0, no-cache"
            )
        return response


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
