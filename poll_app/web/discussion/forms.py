"""The forms of the discussion, and the signed time at which one was made."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app, request
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, Signer
from wtforms import StringField

from poll_app.domain.discussion.pipeline import Draft
from poll_app.domain.refusals import NotOpen, Refusal, TooMany
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.errors import COME_BACK_S

MOST_S = 86_400  # a form older than a day tells nothing about its sender


class TextForm(DeskForm):
    """A reason or a reply. `link` is the field that people don't see; what fills it in is held.

    It carries no token: where a post comes from is checked instead (web/security.py).
    """

    text = StringField(_l("Your text"))
    name = StringField(_l("Name"))
    link = StringField(_l("Leave this field empty"))


class CodeForm(DeskForm):
    """The way back."""

    code = StringField(_l("Return code"))


class ReportForm(DeskForm):
    """What is wrong with a text."""

    code = StringField(_l("What is wrong with it?"))


def wants_preview() -> bool:
    """Whether the button pressed was the one that shows the text first."""
    return request.form.get("do") == "preview"


def draft_of(form: TextForm, subject: str, now: datetime) -> Draft:
    """What was typed. `subject`: what the form was made for."""
    return Draft(
        text=form.text.data or "",
        name=form.name.data or "",
        trap=form.link.data or "",
        taken_s=_taken_s(subject, now),
    )


def made_for(subject: str, now: datetime) -> str:
    """The signed time of a form; one that comes back keeps the time of its first page."""
    if _taken_s(subject, now) is not None:
        return request.form["made"]
    return _signer(subject).sign(str(int(now.timestamp()))).decode()


def status_of(refusal: Refusal) -> int:
    """With which status a form is shown again."""
    if isinstance(refusal, TooMany):
        return 429
    return 409 if isinstance(refusal, NotOpen) else 422


def shown_again(page: str, refusal: Refusal) -> Response:
    """A form with what is wrong, and what was typed."""
    status = status_of(refusal)
    answer = private(page, status)
    if status == 429:
        answer.headers["Retry-After"] = str(COME_BACK_S)
    return answer


def _taken_s(subject: str, now: datetime) -> float | None:
    try:
        made = _signer(subject).unsign(request.form.get("made", "")).decode()
    except BadSignature:
        return None
    taken_s = now.timestamp() - int(made)
    return taken_s if 0 <= taken_s <= MOST_S else None


def _signer(subject: str) -> Signer:
    return Signer(current_app.secret_key or "", salt=f"discussion form {subject}")
