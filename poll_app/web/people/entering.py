"""The last step of every way in: a fresh session in the browser's cookie, and on to the page."""

from __future__ import annotations

from flask import redirect
from flask import session as cookie
from werkzeug.wrappers import Response as BaseResponse

from poll_app.web.desk.guard import TOKEN
from poll_app.web.people.browsers import remember_device


def enter(token: str, email: str, target: str) -> BaseResponse:
    """Keeps the token of a session that was just started. Whatever the cookie held before is gone:
    somebody else may have put it there."""
    cookie.clear()
    cookie[TOKEN] = token
    answer = redirect(target, 303)
    remember_device(answer, email)
    return answer
