"""What a reader's button beside a reason does: fair point, this changed my mind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.discussion.times import refuse_unless_discussed
from poll_app.domain.sentences import Sentence, sentence
from poll_app.domain.voters import Voter
from poll_app.services.discussion.marks import (
    mark_fair,
    name_reason,
    turn_mark,
    unmark_fair,
    unname_reason,
)
from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.reading import get_reason
from poll_app.web.discussion.admitting import admit_writer
from poll_app.web.discussion.places import REASON, way_back
from poll_app.web.discussion.slowing import limit_marks
from poll_app.web.language import speak

bp = Blueprint("reason_marks", __name__)


@bp.post(f"/reasons/{REASON}/fair-point")
def fair_point(reason_id: int) -> BaseResponse:
    """Marks a reason as fair or takes the mark back: as the form says, else the other way round."""

    def act(voter: Voter, now: datetime) -> None:
        marking = {"on": mark_fair, "off": unmark_fair}.get(_wanted(), turn_mark)
        marking(reason_id, voter, now=now)

    return _marked(reason_id, sentence("Fair point"), act)


@bp.post(f"/reasons/{REASON}/changed-my-mind")
def changed_my_mind(reason_id: int) -> BaseResponse:
    """Names the reason that changed the reader's mind, or takes that back."""

    def act(voter: Voter, now: datetime) -> None:
        poll = get_reason(reason_id, now=now).poll
        stands = find_own_part(poll, voter, now=now).changed_by == reason_id
        if _wanted() == "off" or (stands and not _wanted()):
            unname_reason(reason_id, voter)
        else:
            name_reason(reason_id, voter, now=now)

    return _marked(reason_id, sentence("This changed my mind"), act)


def _marked(
    reason_id: int, action: Sentence, act: Callable[[Voter, datetime], None]
) -> BaseResponse:
    now = datetime.now(UTC)
    poll = get_reason(reason_id, now=now).poll
    speak(poll.language, current_app.extensions["languages"])
    refuse_unless_discussed(poll.discussion, now)
    voter = admit_writer(poll, action)
    limit_marks()
    act(voter, now)
    return redirect(way_back(poll.slug, reason_id), 303)


def _wanted() -> str:
    return request.form.get("mark", "")
