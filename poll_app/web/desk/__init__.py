"""The editors' desk: its pages, and what all of them show."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf

from poll_app.domain.accounts import Right, may
from poll_app.services.placements import list_placements
from poll_app.web.desk import (
    article_comparing,
    article_discussion,
    dashboard,
    imports,
    moderation_acts,
    placements,
    poll_outcome,
    poll_times,
    poll_wording,
    record,
)
from poll_app.web.desk.embed_code import embed_lines, placed_link
from poll_app.web.desk.forms import printable
from poll_app.web.desk.guard import find_at_desk
from poll_app.web.people import (
    account,
    confirm,
    factors,
    join,
    members,
    passkeys,
    roles,
    second_step,
    sign_in,
    throttle,
)

# What stands at the top of every page: endpoint, label, the right it takes.
_NAVIGATION: tuple[tuple[str, Any, Right], ...] = (
    ("desk.dashboard", _l("Overview"), "enter"),
    ("desk_articles.articles", _l("Articles"), "edit"),
    ("desk_polls.polls", _l("Questions"), "edit"),
    ("desk_moderation.queue", _l("Moderation"), "moderate"),
    ("desk_placements.placements", _l("Places"), "edit"),
    ("record.log", _l("Record"), "edit"),
    ("members.members", _l("People"), "administer"),
    ("account.account", _l("My account"), "enter"),
)

_ROOMS = (
    imports, article_comparing, article_discussion, poll_times, poll_wording, poll_outcome,
    moderation_acts,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Puts the desk on the application."""
    for blueprint in (sign_in.bp, dashboard.bp, record.bp, placements.bp):
        app.register_blueprint(blueprint)
    for bp in {room.bp for room in _ROOMS}:  # several modules make up one blueprint
        app.register_blueprint(bp)
    for room in (second_step, join, confirm, account, factors, passkeys, members):
        app.register_blueprint(room.bp)
    throttle.init_app(app, app.extensions["settings"])
    app.jinja_env.filters["printable"] = printable
    app.jinja_env.globals.update(
        csrf_token=generate_csrf,
        desk_navigation=navigation,
        embed_lines=embed_lines,
        placed_link=placed_link,
        placements_on_offer=list_placements,
        role_name=roles.role_name,
        state_name=roles.state_name,
    )


def navigation() -> list[tuple[str, Any]]:
    """The pages that whoever is signed in may open; none when nobody is."""
    signed_in = find_at_desk()
    if signed_in is None:
        return []
    role = signed_in.person.role
    return [
        (endpoint, label)
        for endpoint, label, right in _NAVIGATION
        if may(role, right) and endpoint in current_app.view_functions
    ]
