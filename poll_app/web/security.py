"""What every answer carries and every request must pass: headers, host, where a post comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request, abort, g
from flask.globals import request_ctx
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from poll_app.config import Settings
from poll_app.web import cors
from poll_app.web.frames import PREFIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", _PERMISSIONS),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
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
        asked = request_ctx.request  # `request` would look it up at every use
        # A host that is not ours raises 400; one that is no host at all comes as "".
        if "HTTP_HOST" not in asked.environ or not asked.host:
            abort(400)
        if len(asked.query_string) > _MAX_QUERY:
            abort(414)
        if not asked.path.isprintable():  # PostgreSQL takes no NUL, no address of ours has one
            abort(404)
        if asked.method not in _SAFE_METHODS:
            _guard_post(asked, settings)

    app.wsgi_app = _marking(cors.answering_preflights(app.wsgi_app), settings)  # type: ignore[method-assign,assignment]


def _marking(app: WSGIApplication, settings: Settings) -> WSGIApplication:
    """The application with our headers on each of its answers, added outside of Flask: to set them
    there one by one took a vote a tenth of its time."""

    def marked(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = "/" + environ.get("PATH_INFO", "").lstrip("/")  # as Flask reads it

        def start_marked(
            status: str, headers: list[tuple[str, str]], error: Any = None, /
        ) -> Callable[[bytes], object]:
            own = dict(headers)
            marks = [
                *_marks(path, own, settings),
                *_policy(path, status, own, settings),
                *cors.marks(environ["REQUEST_METHOD"], path),
            ]
            return start(status, headers + marks, error)

        return app(environ, start_marked)

    return marked


def _marks(path: str, own: dict[str, str], settings: Settings) -> Iterable[tuple[str, str]]:
    """What an answer with these headers of its own carries besides."""
    yield from _ALWAYS
    framed = path.startswith(PREFIX)
    if not framed:
        yield "X-Frame-Options", "DENY"
    if framed or "Cross-Origin-Resource-Policy" not in own:
        yield "Cross-Origin-Resource-Policy", "cross-origin" if framed else "same-origin"
    # A page's own origin must stay visible to its own posts, or they could not be told apart.
    if "Referrer-Policy" not in own:
        seen = "same-origin" if is_desk(path) else "strict-origin-when-cross-origin"
        yield "Referrer-Policy", seen
    if settings.secure:
        yield "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in own:
        yield "Cache-Control", "no-store"


def _policy(
    path: str, status: str, own: dict[str, str], settings: Settings
) -> Iterable[tuple[str, str]]:
    """What a page may do, and that only what lies under /embed/ may be framed. A 304 has no type
    and says nothing: what the browser holds came with its policy."""
    if status.startswith("304"):
        return
    policy = _PAGE_POLICY if own.get("Content-Type", "").startswith("text/html") else _DATA_POLICY
    if path.startswith(PREFIX):
        policy = policy.replace(_NO_FRAME, f"frame-ancestors {settings.embed_origins or '*'}")
    yield "Content-Security-Policy", policy


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


def _guard_post(asked: Request, settings: Settings) -> None:
    """Refuses what another site sent and what no form can send.

    Browsers say where a post comes from by Sec-Fetch-Site or, the older ones, by Origin; pages of
    ours carry no token, so that a shared cache may keep them. `g.sender_unknown` marks a client
    that says neither, such as a text browser: it has to confirm.
    """
    sent = asked.environ.get
    site, origin = sent("HTTP_SEC_FETCH_SITE"), sent("HTTP_ORIGIN")
    if site is not None:
        allowed = site in {"same-origin", "none"}
    else:
        own_origins = {settings.public_url, asked.host_url.rstrip("/")}
        allowed = origin is None or origin in own_origins
    if not allowed:
        abort(403)
    g.sender_unknown = site is None and origin is None
    # By its type, not by its length: a body that comes in chunks states none.
    if (asked.mimetype or asked.content_length) and asked.mimetype not in _FORM_TYPES:
        abort(415)
    if sent("HTTP_CONTENT_ENCODING", "identity") != "identity":
        abort(415)
