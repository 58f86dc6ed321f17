"""The way in by a one-time link: choosing a name and a password."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField, StringField

from poll_app.domain.passwords import MAX_LENGTH, MIN_LENGTH
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.services.people.invitations import get_invited
from poll_app.services.people.invitations import join as join_with
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import check_token
from poll_app.web.language import say

bp = Blueprint("join", __name__, url_prefix="/editor/join")


class JoinForm(DeskForm):
    """A name to go by and a password."""

    name = StringField(_l("Your name"))
    password = PasswordField(_l("Password"))


@bp.after_request
def say_nothing_of_the_link(response: Response) -> Response:
    """The address is a key: no page that this one leads to may learn it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/<string:token>")
def join(token: str) -> Response:
    """The form; looking at it does not use the link up."""
    try:
        invited = get_invited(token, now=datetime.now(UTC))
    except NotFound as refusal:
        return _gone(refusal)
    return _page(token, JoinForm(formdata=None, data={"name": invited.name}), 200)


@bp.post("/<string:token>")
def accept(token: str) -> BaseResponse:
    """Uses the link up. Who has a second factor still needs it to sign in."""
    check_token()
    form = JoinForm()
    try:
        join_with(
            token,
            name=form.name.data or "",
            password=form.password.data or "",
            site_name=current_app.extensions["settings"].site_name,
            now=datetime.now(UTC),
        )
    except NotFound as refusal:
        return _gone(refusal)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(token, form, 422)
    flash(_("Your password is set. Sign in with it."))
    return redirect("/editor/sign-in", 303)


def _page(token: str, form: JoinForm, status: int) -> Response:
    page = render_template(
        "people/join.html",
        form=form,
        link_token=token,
        invited=get_invited(token, now=datetime.now(UTC)),
        shortest=MIN_LENGTH,
        longest=MAX_LENGTH,
    )
    return private(page, status)


def _gone(refusal: NotFound) -> Response:
    return private(render_template("people/link_used.html", text=say(refusal.sentence)), 410)
