"""The own passkeys: added, listed, removed."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from poll_app.domain.refusals import Refusal
from poll_app.services.people.passkeys import add_passkey, list_passkeys, remove_passkey
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import at_desk, desk_blueprint, person
from poll_app.web.people.browsers import browser_label
from poll_app.web.people.confirm import require_confirmed
from poll_app.web.people.passkey_buttons import passkey_making, passkey_site, take_challenge

bp = desk_blueprint("passkeys", __name__, path="/account/passkeys", right="enter")
bp.before_request(require_confirmed)


class PasskeyForm(DeskForm):
    """A name to know the passkey by."""

    passkey_name = StringField(_l("Name of the passkey"))


@bp.get("")
def passkeys() -> Response:
    """The list, and the way to make one more."""
    return _page(PasskeyForm(formdata=None, data={"passkey_name": browser_label()}), 200)


@bp.post("")
def add() -> BaseResponse:
    """Stores what the browser made."""
    form, challenge = PasskeyForm(), take_challenge()
    if challenge is None:
        form.form_errors.append(_("Your browser did not give a passkey. Nothing was changed."))
        return _page(form, 422)
    try:
        add_passkey(
            at_desk(),
            form.passkey_name.data or "",
            request.form.get("credential", ""),
            site=passkey_site(),
            challenge=challenge,
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, 422)
    flash(_("The passkey was added. You are signed out everywhere else."))
    return redirect("/editor/account/passkeys", 303)


@bp.post("/<int(max=2147483647):passkey_id>/remove")
def remove(passkey_id: int) -> BaseResponse:
    """Takes one away."""
    remove_passkey(at_desk(), passkey_id, now=datetime.now(UTC))
    flash(_("The passkey was removed. You are signed out everywhere else."))
    return redirect("/editor/account/passkeys", 303)


def _page(form: PasskeyForm, status: int) -> Response:
    offer = passkey_making(person())
    if offer is None:
        abort(404)
    page = render_template(
        "people/passkeys.html", form=form, offer=offer, passkeys=list_passkeys(person())
    )
    return private(page, status)
