"""Who may do what at the desk: asked before every view, so that a new one is closed by default."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request
from flask import session as cookie
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms.validators import ValidationError

from poll_app.domain.accounts import Person, Right, may
from poll_app.services.people.sign_ins import SignedIn, find_signed_in

PREFIX = "/editor"
TOKEN = "sign_in"  # noqa: S105 - the name under which the cookie holds it
CSRF_FIELD = "csrf_token"
MAX_LONG_POST_BYTES = 1024 * 1024
MAX_LONG_POST_PARTS = 256
_NEVER_SENT_BACK = frozenset(
    {
        CSRF_FIELD, "password", "current_password", "new_password", "confirm_password", "code",
        "credential",
    }
)  # fmt: skip


def desk_blueprint(
    name: str,
    import_name: str,
    *,
    path: str,
    right: Right,
    long_posts: frozenset[str] = frozenset(),
) -> Blueprint:
    """Pages under /editor that ask for this right before each of their views; the views named in
    `long_posts` take the text of an article."""
    bp = Blueprint(name, import_name, url_prefix=PREFIX + path)
    bp.before_request(lambda: admit(right, long_posts=long_posts))
    return bp


def admit(right: Right, *, long_posts: frozenset[str] = frozenset()) -> None:
    """Aborts unless somebody is signed in who may do this, and a post carries its token.

    Signed out: to sign-in and back. What a post brought is kept on a page that sends it again.
    Only whoever was let in may send much.
    """
    signed_in = find_at_desk()
    if signed_in is None:
        if request.method in {"GET", "HEAD"}:
            here = request.full_path if request.query_string else request.path
            abort(redirect(f"{PREFIX}/sign-in?next={quote(here)}", 303))
        abort(_send_again(401))
    if not may(signed_in.person.role, right):
        abort(_page("desk/not_allowed.html", 403, right=right))
    if request.method == "POST":
        if (request.endpoint or "").rpartition(".")[2] in long_posts:
            request.max_content_length = request.max_form_memory_size = MAX_LONG_POST_BYTES
            request.max_form_parts = MAX_LONG_POST_PARTS
        check_token()


def check_token() -> None:
    """Aborts unless the post carries the token of this browser's pages."""
    if not token_fits():
        abort(_send_again(400))


def token_fits() -> bool:
    """Whether the post carries the token of this browser's pages (Flask-WTF)."""
    try:
        validate_csrf(request.form.get(CSRF_FIELD))
    except ValidationError:
        return False
    return True


def find_at_desk() -> SignedIn | None:
    """Who is signed in at the browser that asks, looked up once per request."""
    if "signed_in" not in g:
        token = cookie.get(TOKEN)
        g.signed_in = find_signed_in(token, now=datetime.now(UTC)) if token else None
    signed_in: SignedIn | None = g.signed_in
    return signed_in


def at_desk() -> SignedIn:
    """Who is signed in; only behind `admit`."""
    signed_in = find_at_desk()
    if signed_in is None:
        raise RuntimeError("nobody is signed in: the view lacks its guard")
    return signed_in


def person() -> Person:
    """Who acts; only behind `admit`."""
    return at_desk().person


def local_path(target: str | None) -> str:
    """Where to go next, if that is a page of the desk; else its first page.

    Browsers read `//host`, a backslash and control characters as the way to another site.
    """
    home = f"{PREFIX}/"
    if not target or not target.isprintable() or "\\" in target or " " in target:
        return home
    parts = urlsplit(target)
    inside = not (parts.scheme or parts.netloc) and parts.path.startswith(f"{PREFIX}/")
    return target if inside and ".." not in parts.path.split("/") else home


def _send_again(status: int) -> Response:
    """A page that keeps what was typed, for a post that could not be taken as it came."""
    try:
        sent, files = request.form, request.files
    except RequestEntityTooLarge:  # from somebody who was not let in: it stays in the browser
        return _page("desk/send_again.html", status, fields=None, lost_files=False)
    return _page(
        "desk/send_again.html", status, fields=without_secrets(sent), lost_files=bool(files)
    )


def without_secrets(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What a form brought, for a page that sends it again."""
    return [(k, v) for k, v in sent.items(multi=True) if k not in _NEVER_SENT_BACK]


def _page(template: str, status: int, **values: object) -> Response:
    page = make_response(render_template(template, **values), status)
    page.headers["Cache-Control"] = "private, no-store"
    return page
