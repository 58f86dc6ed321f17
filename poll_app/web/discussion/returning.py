"""The way back from another device: a return code opens the answer and the texts of one question.

The code is sent with every form and stands in no address and no cookie, so a page that follows a
post is shown at once instead of being led to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, render_template, request, url_for

from poll_app.domain.polls import refuse_unless_open
from poll_app.domain.refusals import Malformed, Moved, NotFound, Refusal
from poll_app.domain.sentences import Sentence, sentence
from poll_app.services.discussion.own import OwnReason, find_own_part, get_own_reason
from poll_app.services.discussion.returning import Returned, get_returned
from poll_app.services.discussion.stored import no_such_reason
from poll_app.services.discussion.writing import delete_reason, edit_reason
from poll_app.services.poll_stories import story_of
from poll_app.services.poll_views import PollView, get_poll
from poll_app.services.voting import cast_ballot, find_own_answer, withdraw_ballot
from poll_app.web.caching import etag_of, private, shared
from poll_app.web.discussion.forms import CodeForm, TextForm, shown_again
from poll_app.web.discussion.sheets import Sheet, judged, shown_sheet
from poll_app.web.discussion.slowing import limit_codes
from poll_app.web.forms import read_answer
from poll_app.web.language import say, speak
from poll_app.web.rate_limit import limit_votes

bp = Blueprint("returning", __name__)


@dataclass(frozen=True)
class Visit:
    """Somebody who came back: with which code, to which question, when."""

    code: str
    returned: Returned
    poll: PollView
    now: datetime


@bp.get("/return")
def come_back() -> Response:
    """The form that takes a code."""
    page = render_template("discussion/return.html", form=CodeForm(formdata=None))
    return shared(page, etag_of("return"))


@bp.post("/return")
def returned() -> Response:
    """The reader's own part of the question, or what a button there does."""
    limit_codes()
    form = CodeForm(request.form)
    try:
        visit = _visit(form.code.data or "", datetime.now(UTC))
    except Refusal as refusal:
        form.refuse(refusal if refusal.field else Refusal(refusal.sentence, field="code"))
        return private(render_template("discussion/return.html", form=form), 422)
    act = _ACTS.get(request.form.get("act", ""), _look)
    try:
        return act(visit)
    except NotFound:
        raise
    except Refusal as refusal:
        return _look(visit, wrong=refusal)


def _visit(code: str, now: datetime) -> Visit:
    found = get_returned(code)
    try:
        poll = get_poll(found.poll_slug, now=now)
    except Moved as moved:  # reworded since: the code belongs to the earlier wording
        earlier = story_of(get_poll(moved.slug, now=now)).earlier
        poll = next(one for one in earlier if one.id == found.poll_id)
    speak(poll.language, current_app.extensions["languages"])
    return Visit(code, found, poll, now)


def _look(visit: Visit, *, done: Sentence | None = None, wrong: Refusal | None = None) -> Response:
    reader, poll = visit.returned.reader, visit.poll
    page = render_template(
        "discussion/returned.html",
        poll=poll,
        code=visit.code,
        answer=find_own_answer(poll, reader),
        own=find_own_part(poll, reader, now=visit.now),
        done=done,
        errors=[say(wrong.sentence)] if wrong else [],
    )
    return shown_again(page, wrong) if wrong else private(page)


def _vote(visit: Visit) -> Response:
    refuse_unless_open(visit.poll, visit.now)
    option_ids = read_answer(visit.poll)
    limit_votes()
    box = current_app.extensions["ballot_box"]
    cast_ballot(box, visit.poll, visit.returned.reader, option_ids, now=visit.now)
    return _look(visit, done=sentence("Your answer was changed."))


def _withdraw(visit: Visit) -> Response:
    box = current_app.extensions["ballot_box"]
    withdraw_ballot(box, visit.poll, visit.returned.reader, now=visit.now)
    return _look(visit, done=sentence("Your answer was withdrawn."))


def _edit(visit: Visit) -> Response:
    own = _own(visit)
    form = TextForm(formdata=None, data={"text": own.text, "name": own.name})
    return shown_sheet(_sheet(visit, own), form, visit.now, voter=visit.returned.reader)


def _save(visit: Visit) -> Response:
    own, reader = _own(visit), visit.returned.reader
    written = judged(
        _sheet(visit, own),
        lambda draft, site: edit_reason(own.id, reader, draft, site_name=site, now=visit.now),
        reader,
        visit.now,
    )
    if isinstance(written, Response):
        return written
    return _look(visit, done=sentence("Your text was changed."))


def _delete(visit: Visit) -> Response:
    own = _own(visit)
    return private(
        render_template("discussion/delete.html", poll=visit.poll, one=own, code=visit.code)
    )


def _erase(visit: Visit) -> Response:
    delete_reason(_own(visit).id, visit.returned.reader)
    return _look(visit, done=sentence("Your text was deleted."))


_ACTS: dict[str, Callable[[Visit], Response]] = {
    "vote": _vote,
    "withdraw": _withdraw,
    "edit": _edit,
    "save": _save,
    "delete": _delete,
    "erase": _erase,
}


def _own(visit: Visit) -> OwnReason:
    """The text that the form names. Raises NotFound for anybody else's, and for the reader's own in
    another question: where questions are compared they have one key, and a code opens only one."""
    text = request.form.get("id", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Malformed(sentence("This form is damaged. Open the page again."))
    poll, own = get_own_reason(int(text), visit.returned.reader, now=visit.now)
    if poll.id != visit.returned.poll_id:
        raise no_such_reason()
    return own


def _sheet(visit: Visit, own: OwnReason) -> Sheet:
    fields = {"code": visit.code, "act": "save", "id": str(own.id)}
    address = url_for("returning.returned")
    return Sheet("edit", visit.poll, address, f"edit {own.id}", fields=fields)
