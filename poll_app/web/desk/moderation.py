"""The queue of moderators: texts of readers that wait or were reported, with their context."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l

from poll_app.domain.discussion.codes import REJECTIONS, explained
from poll_app.domain.discussion.rules import LATE_HOURS, whole_hour
from poll_app.domain.schedule import distance
from poll_app.services.desk.moderation import list_places
from poll_app.services.discussion.queue import PAGE_SIZE, list_queue
from poll_app.web.caching import private
from poll_app.web.desk.article_forms import whole_number
from poll_app.web.desk.guard import desk_blueprint
from poll_app.web.desk.moderation_forms import (
    SHOWN_WORDS,
    Asked,
    SeveralForm,
    asked_of,
    rejection_choices,
)
from poll_app.web.language import say
from poll_app.web.record_words import act_in_words

bp = desk_blueprint("desk_moderation", __name__, path="/moderation", right="moderate")

_EMPTY = {
    "waiting": _l("Nothing waits. What is held or reported from now on comes here."),
    "held": _l("Nothing is held."),
    "reported": _l("No reader has reported anything that is still to be looked at."),
    "published": _l("No text of a reader is published yet."),
    "rejected": _l("Nothing was rejected."),
    "removed": _l("Nothing was removed."),
}  # fmt: skip


@bp.get("")
def queue() -> Response:
    """What waits for a decision, the longest first; or what was decided, the newest first."""
    return queue_page(
        asked_of(request.args),
        next_id=whole_number(request.args.get("then"), otherwise=0),
        all_ticked="tick" in request.args,
    )


def queue_page(
    asked: Asked,
    *,
    form: SeveralForm | None = None,
    next_id: int = 0,
    all_ticked: bool = False,
    status: int = 200,
) -> Response:
    """The part of the queue that is asked for; `next_id`: the text to look at next; `form`: what
    was asked for several texts and refused."""
    now = datetime.now(UTC)
    found = list_queue(asked.filters, page=asked.page, now=now)
    if not found.reasons and asked.page > 1:
        last = max(1, -(-found.number // PAGE_SIZE))
        asked = replace(asked, page=last)
        found = list_queue(asked.filters, page=last, now=now)
    page = render_template(
        "desk_moderation/queue.html",
        found=found,
        asked=asked,
        next_id=next_id if any(one.id == next_id for one in found.reasons) else 0,
        form=form or SeveralForm(formdata=None),
        ticked=(form.chosen.data or []) if form else [],
        all_ticked=all_ticked,
        places=list_places(),
        shown=SHOWN_WORDS,
        empty=_EMPTY[asked.show],
        **words_of_moderation(now),
    )
    return private(page, status)


def words_of_moderation(now: datetime) -> dict[str, Any]:
    """What every page of moderators says in words: codes, acts, how long ago."""
    return {
        "why": lambda one: [say(told) for told in explained(one.state, one.codes)],
        "rejections": {code: say(told) for code, told in REJECTIONS.items()},
        "choices": rejection_choices(),
        "act_words": act_in_words,
        "ago": partial(ago, now=now),
        "late_hours": LATE_HOURS,
    }


def ago(moment: datetime, *, now: datetime) -> str:
    """How long ago that is, in words; "" within the hour where nothing finer is known."""
    if whole_hour(moment) != moment:
        return say(distance(moment, now))
    return "" if moment == whole_hour(now) else say(distance(moment, whole_hour(now)))
