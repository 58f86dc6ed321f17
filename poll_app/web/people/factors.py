"""An app that makes codes, and the recovery codes for when it is lost."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import segno
from flask import Response, current_app, flash, redirect, render_template
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from poll_app.domain.refusals import Refusal
from poll_app.domain.totp import app_address, as_text, new_secret
from poll_app.services.people.code_apps import remove_app, renew_recovery_codes, set_up_app
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import at_desk, desk_blueprint
from poll_app.web.people.account import HOME
from poll_app.web.people.confirm import require_confirmed
from poll_app.web.people.once import show_once, take_once

bp = desk_blueprint("factors", __name__, path="/account", right="enter")
bp.before_request(require_confirmed)
# The secret waits in the browser's own cookie until a code shows that the app has it.
_NEW = "new_app"


class CodeForm(DeskForm):
    """A code that shows that the app has the secret."""

    code = StringField(_l("Code from the app"))


@bp.get("/code-app")
def code_app() -> Response:
    """A new secret, to be taken over by an app."""
    secret = new_secret()
    cookie[_NEW] = as_text(secret)
    return _page(CodeForm(formdata=None), secret, 200)


@bp.post("/code-app")
def set_up() -> BaseResponse:
    """Sets the app up once a code of it fits."""
    form, text = CodeForm(), cookie.get(_NEW)
    if not text:
        return redirect(f"{HOME}/code-app", 303)
    secret, key = base64.b32decode(text), current_app.extensions["settings"].secret_key
    try:
        codes = set_up_app(at_desk(), secret, form.code.data or "", key=key, now=datetime.now(UTC))
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, secret, 422)
    cookie.pop(_NEW)
    flash(_("From now on signing in takes a code as well. You are signed out everywhere else."))
    return _shown(codes)


@bp.post("/code-app/remove")
def remove() -> BaseResponse:
    """Takes the app away."""
    remove_app(at_desk(), now=datetime.now(UTC))
    flash(_("Signing in takes your password alone again. You are signed out everywhere else."))
    return redirect(HOME, 303)


@bp.get("/recovery-codes")
def recovery_codes() -> BaseResponse:
    """The codes, once, right after they were made."""
    codes = take_once("recovery_codes")
    if not codes:
        return redirect(HOME, 303)
    return private(render_template("people/recovery_codes.html", codes=codes))


@bp.post("/recovery-codes")
def renew() -> BaseResponse:
    """New codes instead of the old ones."""
    return _shown(renew_recovery_codes(at_desk(), now=datetime.now(UTC)))


def _shown(codes: tuple[str, ...]) -> BaseResponse:
    show_once("recovery_codes", codes)
    return redirect(f"{HOME}/recovery-codes", 303)


def _page(form: CodeForm, secret: bytes, status: int) -> Response:
    site_name = current_app.extensions["settings"].site_name
    address = app_address(secret, email=at_desk().person.email, site_name=site_name)
    rows = segno.make(address, error="m", micro=False).matrix
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell
    )
    page = render_template(
        "people/code_app.html",
        form=form,
        secret=as_text(secret),
        address=address,
        dark=dark,
        size=len(rows),
    )
    return private(page, status)
