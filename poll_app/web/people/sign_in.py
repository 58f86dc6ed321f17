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
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import Sentence, sentence
from poll_app.services.people.passkeys import are_offered, sign_in_with_passkey
from poll_app.services.people.sign_ins import end_sign_in
from poll_app.services.people.signing_in import Known, find_by_password
from poll_app.services.people.signing_in import sign_in as start
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import check_token, find_at_desk, local_path, token_fits
from poll_app.web.language import say
from poll_app.web.people.browsers import browser_label
from poll_app.web.people.entering import enter
from poll_app.web.people.passkey_buttons import passkey_sign_in, passkey_site, take_challenge
from poll_app.web.people.second_step import ask_for_code
from poll_app.web.people.throttle import TooOften, count_attempt

bp = Blueprint("sign_in", __name__, url_prefix="/editor")
HERE = "/editor/sign-in"


class NotLetIn(Refusal):
    """Why somebody is not signed in, with the status that says so to programs."""

    def __init__(self, sentence: Sentence, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class SignInForm(DeskForm):
    """Who somebody says they are; where they go next."""

    email = StringField(_l("E-mail address"))
    password = PasswordField(_l("Password"))
    next = HiddenField()


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> BaseResponse:
    """The form."""
    form = SignInForm()
    form.next.data = local_path(form.next.data or request.args.get("next"))
    if request.method == "GET":
        return redirect(form.next.data, 303) if find_at_desk() else _page(form)
    try:
        known = _known(form.email.data or "", form.password.data or "")
    except TooOften as refusal:
        return refusal.mark(_page(form, 429, say(refusal.sentence)))
    except NotLetIn as refusal:
        return _page(form, refusal.status, say(refusal.sentence))
    if known.needs_code:
        return ask_for_code(known, form.email.data or "", form.next.data)
    token = start(known, browser=browser_label(), now=datetime.now(UTC))
    return enter(token, form.email.data or "", form.next.data) if token else redirect(HERE, 303)


@bp.post("/sign-in/passkey")
def passkey() -> BaseResponse:
    """Signing in with a passkey, also to prove again who one is. Attempts are not counted: there is
    nothing to guess, and so nobody can lock out who has one."""
    check_token()
    if not are_offered(passkey_site()):
        abort(404)
    form, before, challenge = SignInForm(), find_at_desk(), take_challenge()
    form.next.data = local_path(form.next.data)
    entered = challenge and sign_in_with_passkey(
        request.form.get("credential", ""), site=passkey_site(), challenge=challenge,
        browser=browser_label(), now=datetime.now(UTC),
    )  # fmt: skip
    if not entered:
        return _page(form, 401, _("This passkey is not known here. Sign in with your password."))
    if before is not None:
        end_sign_in(before.id)
    return enter(*entered, form.next.data)


@bp.post("/sign-out")
def sign_out() -> BaseResponse:
    """Ends the session. What the desk may have put into the browser's storage goes as well, but not
    all cookies: one of them is the person's own as a reader."""
    check_token()
    signed_in = find_at_desk()
    if signed_in is not None:
        end_sign_in(signed_in.id)
    cookie.clear()
    answer = redirect(HERE, 303)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _known(email: str, password: str) -> Known:
    """Who this is. Raises TooOften and NotLetIn, with one answer for an unknown address, a wrong
    password and a disabled account; nothing too long for a password is ever hashed."""
    if not token_fits():
        raise NotLetIn(sentence("This page was open for too long. Send it again."), 400)
    if len(password) > MAX_LENGTH:
        said = sentence("A password has at most %(most)s characters.", most=MAX_LENGTH)
        raise NotLetIn(said, 422)
    count_attempt(email)
    known = find_by_password(email, password)
    if known is None:
        raise NotLetIn(sentence("The e-mail address or the password is not right."), 401)
    return known


def _page(form: SignInForm, status: int = 200, error: str | None = None) -> Response:
    if error:
        form.form_errors.append(error)
    offer = passkey_sign_in(form.next.data)
    return private(render_template("people/sign_in.html", form=form, offer=offer), status)
