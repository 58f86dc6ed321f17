"""The gate of every act of a reader: a post counts only from a browser that carries its cookie.

No page sets a cookie. The first post without one is answered with the cookie and a 307 to itself,
and the browser posts again; so the two posts of a double click carry the same cookie and count
once. A client that does not say which site its post comes from gets a page with a signed token to
confirm, which also brings the cookie.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import urlencode

from flask import Response, abort, current_app, g, make_response, redirect, render_template, request
from itsdangerous import BadSignature, Signer, URLSafeTimedSerializer
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response as BaseResponse

from poll_app.config import Settings
from poll_app.domain.sentences import Sentence
from poll_app.domain.voters import Voter, new_token
from poll_app.web.frames import asked, is_framed
from poll_app.web.language import say

COOKIE_DAYS = 180
CONFIRM_FIELD = "confirm"
_AGAIN = "again"
_CONFIRM_S = 3_600


def find_voter() -> Voter | None:
    """The reader whose genuine cookie this request carries."""
    try:
        # `request.cookies` walks through all headers first: longer than a ballot takes to check.
        cookies = parse_cookie(request.environ.get("HTTP_COOKIE"))
        token = _cookie_signer().unsign(cookies.get(cookie_name(), "")).decode()
    except BadSignature:
        return None
    return Voter(token, _settings().secret_key)


def admit_voter(action: Sentence) -> Voter:
    """The reader whose act may count; aborts with the answer that leads there otherwise.

    `action` is the label of the button on the page that asks to confirm.
    """
    voter = find_voter()
    if g.sender_unknown:
        return _confirmed(voter, action)
    if voter is None:
        if _AGAIN in request.args:
            abort(_no_cookie())
        query = urlencode({**asked(), _AGAIN: "1"})
        here = redirect(f"{request.path}?{query}", 307)
        abort(_with_cookie(here, new_token()))
    return voter


def _confirmed(voter: Voter | None, action: Sentence) -> Voter:  # noqa: RET503 - abort raises
    """The reader, once a token bound to this reader and this act proves that our page was seen."""
    sent = request.form.getlist(CONFIRM_FIELD)
    if voter is None and sent:
        abort(_no_cookie())
    token = voter.token if voter else new_token()
    signer = URLSafeTimedSerializer(_settings().secret_key, salt="confirm")
    if voter is not None and len(sent) == 1:
        try:
            if signer.loads(sent[0], max_age=_CONFIRM_S) == [token, request.path]:
                return voter
        except BadSignature:
            pass
    page = make_response(
        render_template(
            "reader/confirm.html",
            action=say(action),
            fields=[(k, v) for k, v in request.form.items(multi=True) if k != CONFIRM_FIELD],
            confirm=signer.dumps([token, request.path]),
            expired=bool(sent),
        ),
        403 if sent else 200,
    )
    page.headers["Cache-Control"] = "private, no-store"
    abort(_with_cookie(page, token) if voter is None else page)


def _no_cookie() -> Response:
    page = make_response(render_template("reader/no_cookie.html"), 403)
    page.headers["Cache-Control"] = "private, no-store"
    return page


def _with_cookie(response: BaseResponse, token: str) -> BaseResponse:
    settings = _settings()
    # In another site's frame browsers take only a cookie that is bound to that site, and only over
    # https: there this browser is another voter than on our own pages (docs/privacy.md).
    for_frame = settings.secure and is_framed()
    response.headers["Cache-Control"] = "private, no-store"
    response.set_cookie(
        cookie_name(),
        _cookie_signer().sign(token).decode(),
        max_age=COOKIE_DAYS * 86_400,
        secure=settings.secure,
        httponly=True,
        samesite="None" if for_frame else "Lax",
        partitioned=for_frame,
    )
    return response


def cookie_name() -> str:
    """The name of the voter cookie; over https the browser itself guards the prefixed one."""
    return "__Host-voter" if _settings().secure else "voter"


def _cookie_signer() -> Signer:
    return _signer_with(_settings().secret_key)


@cache
def _signer_with(secret: str) -> Signer:
    """Signs with the key that it would else make from the secret at every use."""
    return Signer(Signer(secret, salt="voter cookie").derive_key(), key_derivation="none")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
