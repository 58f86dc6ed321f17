"""What every answer carries and every request must pass: headers, host, where a post comes from."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, request
from flask.sessions import SessionInterface

from poll_app.config import Settings

_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "geolocation", "microphone", "payment", "usb", "browsing-topics",
    )
)  # fmt: skip
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_MAX_QUERY = 2_048


class NoSessions(SessionInterface):
    """No page has a session: reading one would make every answer depend on the cookie."""

    def open_session(self, app: Flask, request: Request) -> None:
        """None: Flask then makes one that nothing can be written to."""


def init_app(app: Flask, settings: Settings) -> None:
    """Guards every request and marks every answer of the application."""
    app.session_interface = NoSessions()
    public = urlsplit(settings.public_url)
    if settings.origins.get("POLL_PUBLIC_URL") != "default":
        app.config["TRUSTED_HOSTS"] = [public.hostname, "localhost", "127.0.0.1", "[::1]"]

    @app.before_request
    def guard() -> None:
        # A host that is not ours raises 400; one that is no host at all comes as "".
        if "Host" not in request.headers or not request.host:
            abort(400)
        if len(request.query_string) > _MAX_QUERY:
            abort(414)
        if not request.path.isprintable():  # PostgreSQL takes no NUL, no address of ours has one
            abort(404)
        if request.method not in _SAFE_METHODS:
            _guard_post(settings)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Permissions-Policy"] = _PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        # A page's own origin must stay visible to its own posts, or they could not be told apart.
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        headers["X-Frame-Options"] = "DENY"
        is_page = response.mimetype == "text/html"
        headers["Content-Security-Policy"] = _PAGE_POLICY if is_page else _DATA_POLICY
        if settings.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        headers.setdefault("Cache-Control", "no-store")
        return response


def _guard_post(settings: Settings) -> None:
    """Refuses what another site sent and what no form can send.

    Browsers say where a post comes from by Sec-Fetch-Site or, the older ones, by Origin; pages of
    ours carry no token, so that a shared cache may keep them. `g.sender_unknown` marks a client
    that says neither, such as a text browser: it has to confirm.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own_origins = {settings.public_url, request.host_url.rstrip("/")}
    if site is not None:
        allowed = site in {"same-origin", "none"}
    else:
        allowed = origin is None or origin in own_origins
    if not allowed:
        abort(403)
    g.sender_unknown = site is None and origin is None
    # By its type, not by its length: a body that comes in chunks states none.
    if (request.mimetype or request.content_length) and request.mimetype not in _FORM_TYPES:
        abort(415)
    if request.headers.get("Content-Encoding", "identity") != "identity":
        abort(415)
