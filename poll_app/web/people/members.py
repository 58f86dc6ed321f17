"""The people of the newsroom: an admin invites them, gives them roles and keeps them out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from poll_app.domain.accounts import parse_email, parse_name, parse_role
from poll_app.domain.refusals import Refusal
from poll_app.services.people import members as service
from poll_app.services.people.invitations import invite as invite_somebody
from poll_app.services.people.invitations import make_link
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm, judged
from poll_app.web.desk.guard import desk_blueprint, person
from poll_app.web.people.confirm import require_confirmed
from poll_app.web.people.once import show_once, take_once
from poll_app.web.people.roles import ROLE_CHOICES

bp = desk_blueprint("members", __name__, path="/people", right="administer")
bp.before_request(require_confirmed)

# What can be done to somebody by one button: the use case, and what is said afterwards.
_ACTS = {
    "disable": (service.disable, _l("The account is disabled; nobody can sign in with it.")),
    "enable": (service.enable, _l("The account is enabled again.")),
    "end-sessions": (service.end_sessions, _l("They are signed out everywhere.")),
    "remove-factors": (service.remove_factors, _l("Their password alone signs in again.")),
}
_ID = "<int(max=2147483647):account_id>"


class InviteForm(DeskForm):
    """Somebody new."""

    email = StringField(_l("E-mail address"), [judged(parse_email)])
    name = StringField(_l("Name"), [judged(parse_name)])
    role = StringField(_l("Role"), [judged(parse_role)])


class RoleForm(DeskForm):
    """Another role."""

    role = StringField(_l("Role"))


@bp.get("")
def members() -> Response:
    """Everybody with an account."""
    found = service.list_members(now=datetime.now(UTC))
    return private(render_template("people/members.html", members=found))


@bp.get("/invite")
def invite() -> Response:
    """The form for somebody new."""
    return _invite_page(InviteForm(formdata=None), 200)


@bp.post("/invite")
def send_invitation() -> BaseResponse:
    """Makes the account and its link."""
    form = InviteForm()
    try:
        form.judge()
        account_id, token = invite_somebody(
            form.email.data or "", name=form.name.data or "", role=form.role.data or "",
            by=person(), now=datetime.now(UTC),
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return _invite_page(form, 422)
    return _link_shown(account_id, token)


@bp.get(f"/{_ID}")
def member(account_id: int) -> Response:
    """One of them, and what can be done."""
    return _member_page(account_id)


@bp.post(f"/{_ID}/role")
def change_role(account_id: int) -> BaseResponse:
    """Another role; they are signed out."""
    role = RoleForm().role.data or ""
    try:
        service.change_role(account_id, role, by=person(), now=datetime.now(UTC))
    except Refusal as refusal:
        return _member_page(account_id, refusal)  # of nobody: not found either
    flash(_("The role was changed. They are signed out everywhere."))
    return redirect(f"/editor/people/{account_id}", 303)


@bp.post(f"/{_ID}/link")
def new_link(account_id: int) -> BaseResponse:
    """A link to choose a password with."""
    try:
        token = make_link(account_id, by=person(), now=datetime.now(UTC))
    except Refusal as refusal:
        return _member_page(account_id, refusal)  # of nobody: not found either
    return _link_shown(account_id, token)


@bp.post(f"/{_ID}/<any('disable','enable','end-sessions','remove-factors'):act>")
def change(account_id: int, act: str) -> BaseResponse:
    """One of the acts that need no more than a button."""
    use_case, said = _ACTS[act]
    try:
        use_case(account_id, by=person(), now=datetime.now(UTC))
    except Refusal as refusal:
        return _member_page(account_id, refusal)  # of nobody: not found either
    flash(str(said))
    return redirect(f"/editor/people/{account_id}", 303)


def _link_shown(account_id: int, token: str) -> BaseResponse:
    """The address comes from the settings: that of a request is chosen by whoever sends it."""
    show_once("link", f"{current_app.extensions['settings'].public_url}/editor/join/{token}")
    return redirect(f"/editor/people/{account_id}", 303)


def _invite_page(form: InviteForm, status: int) -> Response:
    page = render_template("people/invite.html", form=form, role_choices=ROLE_CHOICES)
    return private(page, status)


def _member_page(account_id: int, refusal: Refusal | None = None) -> Response:
    found = service.get_member(account_id, now=datetime.now(UTC))
    form = RoleForm(data={"role": found.role})
    if refusal:
        form.refuse(refusal)
    page = render_template(
        "people/member.html",
        member=found,
        form=form,
        is_self=found.id == person().id,
        role_choices=ROLE_CHOICES,
        link=take_once("link"),
    )
    return private(page, 422 if refusal else 200)
