"""Writing: a reason, a reply, a change, each with a preview; deleting; what the reader wrote."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.discussion.times import refuse_unless_discussed
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import sentence
from poll_app.services.discussion.own import find_own_part, get_own_reason
from poll_app.services.discussion.reading import get_reason
from poll_app.services.discussion.returning import renew_code
from poll_app.services.discussion.writing import (
    delete_reason,
    edit_reason,
    write_reason,
    write_reply,
)
from poll_app.services.poll_views import PollView, get_poll
from poll_app.web.caching import private
from poll_app.web.discussion.admitting import admit_writer, has_answered
from poll_app.web.discussion.boxes import subject_of
from poll_app.web.discussion.forms import TextForm
from poll_app.web.discussion.once import find_code, forget_code, keep_code
from poll_app.web.discussion.places import REASON
from poll_app.web.discussion.sheets import Sheet, shown_sheet, taken
from poll_app.web.discussion.slowing import limit_codes
from poll_app.web.gate import admit_voter, find_voter
from poll_app.web.language import speak

bp = Blueprint("writing", __name__)


@bp.post("/polls/<slug>/reasons")
def write(slug: str) -> BaseResponse:
    """Takes a reason, or shows it as it would stand there."""
    now = datetime.now(UTC)
    poll = _speaking(get_poll(slug, now=now))
    refuse_unless_discussed(poll.discussion, now)
    voter = admit_writer(poll, sentence("Send"))
    sheet = Sheet("reason", poll, url_for("writing.write", slug=poll.slug), subject_of(poll))
    return taken(
        sheet,
        lambda draft, site: write_reason(poll, voter, draft, site_name=site, now=now),
        voter,
        now,
    )


@bp.get(f"/reasons/{REASON}/reply")
def reply(reason_id: int) -> Response:
    """The form of a reply below what it replies to."""
    now = datetime.now(UTC)
    sheet = _reply_sheet(reason_id, now)
    refuse_unless_discussed(sheet.poll.discussion, now)
    if not has_answered(sheet.poll, find_voter()):
        return private(render_template("discussion/vote_first.html", poll=sheet.poll))
    return shown_sheet(sheet, TextForm(formdata=None), now)


@bp.post(f"/reasons/{REASON}/reply")
def send_reply(reason_id: int) -> BaseResponse:
    """Takes a reply, or shows it as it would stand there."""
    now = datetime.now(UTC)
    sheet = _reply_sheet(reason_id, now)
    refuse_unless_discussed(sheet.poll.discussion, now)
    voter = admit_writer(sheet.poll, sentence("Send"))
    return taken(
        sheet,
        lambda draft, site: write_reply(reason_id, voter, draft, site_name=site, now=now),
        voter,
        now,
    )


@bp.get(f"/reasons/{REASON}/edit")
def edit(reason_id: int) -> Response:
    """The reader's own text, to change it."""
    now = datetime.now(UTC)
    poll, own = get_own_reason(reason_id, find_voter(), now=now)
    sheet = _edit_sheet(_speaking(poll), reason_id)
    form = TextForm(formdata=None, data={"text": own.text, "name": own.name})
    return shown_sheet(sheet, form, now)


@bp.post(f"/reasons/{REASON}/edit")
def save_edit(reason_id: int) -> BaseResponse:
    """Stores the changed text, or shows it as it would stand there."""
    now = datetime.now(UTC)
    poll, _own = get_own_reason(reason_id, find_voter(), now=now)
    voter = admit_voter(sentence("Send"))
    return taken(
        _edit_sheet(_speaking(poll), reason_id),
        lambda draft, site: edit_reason(reason_id, voter, draft, site_name=site, now=now),
        voter,
        now,
    )


@bp.get(f"/reasons/{REASON}/delete")
def delete(reason_id: int) -> Response:
    """Asks whether the own text shall be erased."""
    poll, own = get_own_reason(reason_id, find_voter(), now=datetime.now(UTC))
    _speaking(poll)
    return private(render_template("discussion/delete.html", poll=poll, one=own, code=""))


@bp.post(f"/reasons/{REASON}/delete")
def erase(reason_id: int) -> BaseResponse:
    """Erases the own text."""
    poll, _own = get_own_reason(reason_id, find_voter(), now=datetime.now(UTC))
    _speaking(poll)
    slug = delete_reason(reason_id, admit_voter(sentence("Delete this text")))
    return redirect(url_for("writing.mine", slug=slug, deleted=1, _anchor="deleted"), 303)


@bp.get("/polls/<slug>/reasons/mine")
def mine(slug: str) -> Response:
    """What this reader wrote to the question, whatever has become of it."""
    now, voter = datetime.now(UTC), find_voter()
    poll = _speaking(get_poll(slug, now=now))
    page = render_template(
        "discussion/mine.html",
        poll=poll,
        own=find_own_part(poll, voter, now=now),
        answered=has_answered(poll, voter),
        return_code=find_code(voter),
    )
    return forget_code(private(page), poll.slug)


@bp.post("/polls/<slug>/reasons/code")
def new_code(slug: str) -> BaseResponse:
    """Makes a return code in place of one that is lost."""
    poll = _speaking(get_poll(slug, now=datetime.now(UTC)))
    voter = admit_writer(poll, sentence("Make a new return code"))
    limit_codes()
    there = redirect(url_for("writing.mine", slug=poll.slug, _anchor="code"), 303)
    return keep_code(there, poll.slug, voter, renew_code(poll, voter))


def _reply_sheet(reason_id: int, now: datetime) -> Sheet:
    """The form of a reply to this reason. Raises NotFound, also for one that is gone."""
    found = get_reason(reason_id, now=now)
    if found.reason.id != reason_id or found.reason.state != "published":
        raise NotFound(sentence("There is no such text."))
    address = url_for("writing.send_reply", reason_id=reason_id)
    return Sheet("reply", _speaking(found.poll), address, f"reply {reason_id}", found.reason)


def _edit_sheet(poll: PollView, reason_id: int) -> Sheet:
    address = url_for("writing.save_edit", reason_id=reason_id)
    return Sheet("edit", poll, address, f"edit {reason_id}")


def _speaking(poll: PollView) -> PollView:
    speak(poll.language, current_app.extensions["languages"])
    return poll
