"""What every answer carries and every request must pass: headers, host, where a post comes from."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from poll_app.config import Settings
from poll_app.web.frames import is_framed

_NO_FRAME = "frame-ancestors 'none'"
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
        _NO_FRAME,
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_DATA_POLICY = f"default-src 'none'; {_NO_FRAME}"
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "geolocation", "microphone", "payment", "usb", "browsing-topics",
    )
)  # fmt: skip
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_MAX_QUERY = 2_048


class DeskSessions(SecureCookieSessionInterface):
    """Only the desk has sessions. On a page for readers one would make every answer depend on the
    cookie; there Flask makes an empty one that nothing can be written to.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request to the desk, None for any other."""
        return super().open_session(app, request) if is_desk(request.path) else None


def is_desk(path: str) -> bool:
    """Whether a page of the editors' desk is asked for."""
    return path.startswith("/editor/")


def init_app(app: Flask, settings: Settings) -> None:
    """Guards every request and marks every answer of the application."""
    _set_up_sessions(app, settings)
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
        # A page's own origin must stay visible to its own posts, or they could not be told apart.
        headers.setdefault(
            "Referrer-Policy",
            "same-origin" if is_desk(request.path) else "strict-origin-when-cross-origin",
        )
        _add_policy(response, settings)
        if settings.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        headers.setdefault("Cache-Control", "no-store")
        return response


def _add_policy(response: Response, settings: Settings) -> None:
    """What a page may do, and that only what lies under /embed/ may be framed."""
    headers = response.headers
    policy = _PAGE_POLICY if response.mimetype == "text/html" else _DATA_POLICY
    if is_framed():
        policy = policy.replace(_NO_FRAME, f"frame-ancestors {settings.embed_origins or '*'}")
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    else:
        headers["X-Frame-Options"] = "DENY"
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers["Content-Security-Policy"] = policy


def _set_up_sessions(app: Flask, settings: Settings) -> None:
    app.session_interface = DeskSessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-desk" if settings.secure else "desk",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        # Lax, not Strict: an editor who follows a link from a message is signed in there too, and
        # every post has a token besides.
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a token lasts as long as its session
    )


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
