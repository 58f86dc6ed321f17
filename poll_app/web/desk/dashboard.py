"""The first page of the desk: what is open, what needs somebody, and a search over everything."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Response, render_template, request
from flask_babel import format_datetime

from poll_app.domain import unusual
from poll_app.domain.accounts import may
from poll_app.domain.discussion.rules import LATE_HOURS
from poll_app.services.desk.overview import get_overview, list_open
from poll_app.services.desk.search import MAX_WANTED, find_by_words
from poll_app.services.desk.traffic import list_busy_hours, newest_of_each
from poll_app.services.discussion.queue import get_waiting
from poll_app.web.caching import private
from poll_app.web.desk.guard import desk_blueprint, person
from poll_app.web.desk.moderation import ago

bp = desk_blueprint("desk", __name__, path="", right="enter")


@bp.get("/")
def dashboard() -> Response:
    """The overview; for somebody who may not edit, what is open."""
    now = datetime.now(UTC)
    if not may(person().role, "edit"):
        polls = list_open(now=now)
        return private(render_template("desk/open_questions.html", polls=polls, **_waiting(now)))
    wanted = " ".join(request.args.get("q", "").split())[:MAX_WANTED]
    if wanted:
        found = find_by_words(wanted, now=now)
        return private(render_template("desk/found.html", found=found, wanted=wanted))
    page = render_template(
        "desk/dashboard.html",
        overview=get_overview(now=now),
        busy_hours=newest_of_each(list_busy_hours(now=now)),
        clock=clock,
        rule=unusual,
        **_waiting(now),
    )
    return private(page)


def _waiting(now: datetime) -> dict[str, Any]:
    """What waits for moderators, and how long ago that is in words."""
    return {
        "waiting": get_waiting(now=now),
        "ago": partial(ago, now=now),
        "late_hours": LATE_HOURS,
    }


def clock(time: datetime) -> str:
    """The time of day in the zone of the site, named."""
    return str(format_datetime(time, "HH:mm zzz"))
