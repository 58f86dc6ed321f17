"""The second step of signing in, for who has an app that makes codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from poll_app.services.people.signing_in import Known, sign_in_with_code
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import check_token
from poll_app.web.people.browsers import browser_label
from poll_app.web.people.entering import enter
from poll_app.web.people.throttle import TooOften, count_code

bp = Blueprint("second_step", __name__, url_prefix="/editor/sign-in")
_KEY = "half_way"
_PATIENCE = timedelta(minutes=10)


class CodeForm(DeskForm):
    """A code of the app, or a recovery code."""

    code = StringField(_l("Code"))


def ask_for_code(known: Known, email: str, target: str) -> BaseResponse:
    """Keeps in the browser's cookie that the password was right. It is signed, good for ten minutes
    and only as long as the password stays the same; it opens nothing by itself."""
    cookie.clear()
    until = datetime.now(UTC) + _PATIENCE
    cookie[_KEY] = [known.account_id, known.mark, email, target, until.isoformat()]
    return redirect("/editor/sign-in/code", 303)


@bp.route("/code", methods=["GET", "POST"])
def second_step() -> BaseResponse:
    """The form for the code."""
    account_id, mark, email, target, until = cookie.get(_KEY) or (0, "", "", "", "")
    if not account_id or datetime.fromisoformat(until) < datetime.now(UTC):
        return redirect("/editor/sign-in", 303)
    form = CodeForm()
    if request.method == "GET":
        return _page(form, 200)
    check_token()
    try:
        count_code(account_id)
    except TooOften as refusal:
        form.refuse(refusal)
        return refusal.mark(_page(form, 429))
    token = sign_in_with_code(
        Known(account_id, mark, needs_code=True), form.code.data or "",
        key=current_app.extensions["settings"].secret_key, browser=browser_label(),
        now=datetime.now(UTC),
    )  # fmt: skip
    if token is None:
        form.code.errors = [_("This code does not fit, or was used before.")]
        return _page(form, 401)
    return enter(token, email, target)


def _page(form: CodeForm, status: int) -> Response:
    return private(render_template("people/second_step.html", form=form), status)
