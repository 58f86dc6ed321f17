"""Who signed in a while ago proves again who they are before they change people, passwords or keys:
the browser may have been left alone since."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, abort, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import HiddenField, PasswordField

from poll_app.domain.accounts import CONFIRMED_FOR
from poll_app.domain.refusals import Refusal
from poll_app.services.people.own_account import confirm as confirm_password
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import at_desk, desk_blueprint, local_path, without_secrets
from poll_app.web.people.passkey_buttons import passkey_sign_in
from poll_app.web.people.throttle import TooOften, count_attempt

bp = desk_blueprint("confirm", __name__, path="/confirm", right="enter")


class ConfirmForm(DeskForm):
    """The password once more."""

    confirm_password = PasswordField(_l("Your password"))
    next = HiddenField()


@bp.route("", methods=["GET", "POST"])
def confirm() -> BaseResponse:
    """The form, on the way to a page that asks for it."""
    form = ConfirmForm()
    target = local_path(form.next.data or request.args.get("next"))
    if request.method == "GET":
        return _page(form, None, [("next", target)])
    refusal = _try(form)
    return _page(form, refusal, [("next", target)]) if refusal else redirect(target, 303)


def require_confirmed() -> None:
    """Aborts with that form, unless who is signed in proved it in the last minutes. What a post
    brought is kept in the form, and done once the password is right."""
    if datetime.now(UTC) - at_desk().confirmed_at < CONFIRMED_FOR:
        return
    if request.method != "POST":
        abort(redirect(f"/editor/confirm?next={local_path(request.path)}", 303))
    form, kept = ConfirmForm(), without_secrets(request.form)
    if form.confirm_password.name not in request.form:
        abort(_page(form, None, kept, status=401))
    refusal = _try(form)
    if refusal:
        abort(_page(form, refusal, kept))


def _try(form: ConfirmForm) -> Refusal | None:
    """None once the password is right."""
    by = at_desk()
    try:
        count_attempt(by.person.email)
        confirm_password(by, form.confirm_password.data or "", now=datetime.now(UTC))
    except Refusal as refusal:
        form.refuse(refusal)
        return refusal
    return None


def _page(
    form: ConfirmForm, refusal: Refusal | None, fields: list[tuple[str, str]], status: int = 200
) -> Response:
    target = dict(fields).get("next") if request.endpoint == "confirm.confirm" else None
    page = render_template(
        "people/confirm.html",
        form=form,
        email=at_desk().person.email,
        fields=fields,
        offer=passkey_sign_in(target) if target else None,
    )
    if not isinstance(refusal, TooOften):
        return private(page, 422 if refusal else status)
    return refusal.mark(private(page, 429))
