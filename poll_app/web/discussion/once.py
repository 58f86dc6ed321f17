"""A return code on its way from the form to the page that shows it, once.

No address and no log may have it, and readers have no session. So it waits in the browser itself,
which could do all that the code can anyway: in a signed cookie that goes to that one page only and
ends when it was shown, or after ten minutes.
"""

from __future__ import annotations

from flask import Response, current_app, request, url_for
from itsdangerous import BadSignature, Signer
from werkzeug.wrappers import Response as BaseResponse

from poll_app.config import Settings
from poll_app.domain.voters import Voter

KEPT_S = 600


def keep_code(answer: BaseResponse, slug: str, voter: Voter, code: str | None) -> BaseResponse:
    """The answer, which hands the code to the browser where there is one."""
    if code:
        answer.set_cookie(
            _name(),
            _signer(voter).sign(code).decode(),
            max_age=KEPT_S,
            path=_page(slug),
            secure=_settings().secure,
            httponly=True,
            samesite="Strict",
        )
    return answer


def find_code(voter: Voter | None) -> str | None:
    """The code that this request carries for this reader."""
    if voter is None:
        return None
    try:
        return _signer(voter).unsign(request.cookies.get(_name(), "")).decode()
    except BadSignature:
        return None


def forget_code(answer: Response, slug: str) -> Response:
    """The answer, after which the browser has the code no more."""
    if _name() in request.cookies:
        answer.delete_cookie(
            _name(), path=_page(slug), secure=_settings().secure, httponly=True, samesite="Strict"
        )
    return answer


def _page(slug: str) -> str:
    return url_for("writing.mine", slug=slug)


def _name() -> str:
    return "__Secure-once" if _settings().secure else "once"


def _signer(voter: Voter) -> Signer:
    return Signer(_settings().secret_key, salt=f"return code {voter.token}")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
