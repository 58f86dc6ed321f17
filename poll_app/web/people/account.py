"""The own account: name, password, and where one is signed in."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField, StringField

from poll_app.domain.passwords import MAX_LENGTH, MIN_LENGTH
from poll_app.domain.refusals import Refusal
from poll_app.services.people.code_apps import count_recovery_codes
from poll_app.services.people.own_account import change_password, rename
from poll_app.services.people.passkeys import are_offered, list_passkeys
from poll_app.services.people.sign_ins import (
    end_other_sign_ins,
    end_own_sign_in,
    list_sign_ins,
)
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import at_desk, desk_blueprint, person
from poll_app.web.people.passkey_buttons import passkey_site
from poll_app.web.people.throttle import TooOften, count_attempt

bp = desk_blueprint("account", __name__, path="/account", right="enter")
HOME = "/editor/account"


class NameForm(DeskForm):
    """The name one goes by."""

    name = StringField(_l("Your name"))


class PasswordForm(DeskForm):
    """Another password."""

    current_password = PasswordField(_l("Present password"))
    password = PasswordField(_l("New password"))


@bp.get("")
def account() -> Response:
    """Everything about the own account."""
    return _page()


@bp.post("/name")
def change_name() -> BaseResponse:
    """Another name."""
    form = NameForm()
    try:
        rename(person(), form.name.data or "", now=datetime.now(UTC))
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(name_form=form)
    flash(_("Your name was changed."))
    return redirect(HOME, 303)


@bp.post("/password")
def new_password() -> BaseResponse:
    """Another password, for whoever knows the present one."""
    form, by = PasswordForm(), at_desk()
    try:
        count_attempt(by.person.email)
        change_password(
            by,
            form.current_password.data or "",
            form.password.data or "",
            site_name=current_app.extensions["settings"].site_name,
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(password_form=form, refusal=refusal)
    flash(_("Your password was changed. You are signed out everywhere else."))
    return redirect(HOME, 303)


@bp.post("/sessions/<int(max=2147483647):sign_in_id>/end")
def end_session(sign_in_id: int) -> BaseResponse:
    """Signs out at one other browser."""
    end_own_sign_in(person(), sign_in_id, now=datetime.now(UTC))
    flash(_("The session was ended."))
    return redirect(HOME, 303)


@bp.post("/sessions/end-others")
def end_other_sessions() -> BaseResponse:
    """Signs out everywhere else."""
    by = at_desk()
    end_other_sign_ins(by.person, keep=by.id, now=datetime.now(UTC))
    flash(_("You are signed out everywhere else."))
    return redirect(HOME, 303)


def _page(
    *,
    name_form: NameForm | None = None,
    password_form: PasswordForm | None = None,
    refusal: Refusal | None = None,
) -> Response:
    by = at_desk()
    page = render_template(
        "people/account.html",
        person=by.person,
        name_form=name_form or NameForm(formdata=None, data={"name": by.person.name}),
        password_form=password_form or PasswordForm(formdata=None),
        refused=name_form or password_form,
        shortest=MIN_LENGTH,
        longest=MAX_LENGTH,
        here=by.id,
        sign_ins=list_sign_ins(by.person.id or 0, now=datetime.now(UTC)),
        recovery_codes=count_recovery_codes(by.person),
        passkeys=list_passkeys(by.person) if are_offered(passkey_site()) else None,
    )
    if isinstance(refusal, TooOften):
        return refusal.mark(private(page, 429))
    return private(page, 422 if name_form or password_form else 200)
