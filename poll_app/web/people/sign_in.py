"""Signing in and out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import HiddenField, PasswordField, StringField

from poll_app.domain.passwords import MAX_LENGTH
from poll_app.services.people.sign_ins import end_sign_in
from poll_app.services.people.signing_in import Known, find_by_password
from poll_app.services.people.signing_in import sign_in as start
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import TOKEN, check_token, find_at_desk, local_path, token_fits
from poll_app.web.language import say
from poll_app.web.people.browsers import browser_label, remember_device
from poll_app.web.people.throttle import TooOften, count_attempt

bp = Blueprint("sign_in", __name__, url_prefix="/editor")


class SignInForm(DeskForm):
    """Who somebody says they are; where they go next."""

    email = StringField(_l("E-mail address"))
    password = PasswordField(_l("Password"))
    next = HiddenField()


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> BaseResponse:
    """The form; the same answer for an unknown address and for a wrong password."""
    form = SignInForm()
    form.next.data = local_path(form.next.data or request.args.get("next"))
    if request.method == "GET":
        return redirect(form.next.data, 303) if find_at_desk() else _page(form)
    if not token_fits():
        return _page(form, 400, _("This page was open for too long. Send it again."))
    email, password = form.email.data or "", form.password.data or ""
    if len(password) > MAX_LENGTH:
        return _page(form, 422, _("A password has at most %(most)s characters.", most=MAX_LENGTH))
    try:
        count_attempt(email)
    except TooOften as refusal:
        return _too_often(form, refusal)
    known = find_by_password(email, password)
    if known is None:
        return _page(form, 401, _("The e-mail address or the password is not right."))
    return let_in(known, email, form.next.data)


@bp.post("/sign-out")
def sign_out() -> BaseResponse:
    """Ends the session. What the desk may have put into the browser's storage goes as well, but not
    all cookies: one of them is the person's own as a reader."""
    check_token()
    signed_in = find_at_desk()
    if signed_in is not None:
        end_sign_in(signed_in.id)
    cookie.clear()
    answer = redirect("/editor/sign-in", 303)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def let_in(known: Known, email: str, target: str) -> BaseResponse:
    """Starts a session. Whatever the cookie held before is gone: somebody else may have put it
    there."""
    cookie.clear()
    token = start(known, browser=browser_label(), now=datetime.now(UTC))
    if token is None:
        abort(redirect("/editor/sign-in", 303))
    cookie[TOKEN] = token
    answer = redirect(target, 303)
    remember_device(answer, email)
    return answer


def _page(form: SignInForm, status: int = 200, error: str | None = None) -> Response:
    if error:
        form.form_errors.append(error)
    return private(render_template("people/sign_in.html", form=form), status)


def _too_often(form: SignInForm, refusal: TooOften) -> Response:
    answer = _page(form, 429, say(refusal.sentence))
    answer.headers["Retry-After"] = str(refusal.wait_s)
    return answer
