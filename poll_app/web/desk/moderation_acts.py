"""What moderators decide: about one text, about several after looking at all of them, and undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.discussion.codes import parse_rejection
from poll_app.domain.discussion.rules import Decision
from poll_app.domain.refusals import Malformed, NotFound, Outdated, Refusal
from poll_app.domain.sentences import Sentence, sentence, sentences
from poll_app.services.discussion.moderation import MOST_AT_ONCE, Decided, decide, undo
from poll_app.services.discussion.queue import list_queued
from poll_app.web.caching import private
from poll_app.web.desk.guard import person
from poll_app.web.desk.moderation import bp, queue_page, words_of_moderation
from poll_app.web.desk.moderation_forms import Asked, DecisionForm, SeveralForm, UndoForm
from poll_app.web.desk.moderation_texts import ID, text_page
from poll_app.web.language import number, say

UNDO = "undo-"  # begins the kind of a message that can be undone; the numbers of the acts follow


@bp.post(f"/{ID}/decide")
def decide_one(reason_id: int) -> BaseResponse:
    """Decides about one text and goes on to the next one of the queue."""
    form = DecisionForm()
    try:
        form.refuse_strange_fields()
        chosen, code = {reason_id: form.seen_revision()}, form.code.data or ""
        done = decide(chosen, form.decided(), code=code, by=person(), now=_now()).done
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return text_page(reason_id, form=form, status=409 if isinstance(refusal, Outdated) else 422)
    flash(_told(done), _undoing(done))
    return _back(form.asked(), form.next_id())


@bp.post("/several")
def several() -> BaseResponse:
    """Shows what would become of the ticked texts; once that is confirmed, does it."""
    form = SeveralForm()
    try:
        form.refuse_strange_fields()
        chosen, decision = form.revisions(), form.decided()
        code = parse_rejection(form.code.data or "") if decision == "reject" else ""
        if form.confirmed.data != "y":
            return _to_confirm(form, chosen, decision, code)
        made = decide(chosen, decision, code=code, by=person(), now=_now())
    except (NotFound, Malformed):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        status = 409 if isinstance(refusal, Outdated) else 422
        return queue_page(form.asked(), form=form, status=status)
    flash(_told(made.done, missed=len(made.missed)), _undoing(made.done))
    return _back(form.asked())


@bp.post("/undo")
def undo_acts() -> BaseResponse:
    """Puts texts back to where they stood before decisions of a moment ago."""
    form = UndoForm()
    form.refuse_strange_fields()
    ids, done, last = form.act_ids()[:MOST_AT_ONCE], [], Outdated()
    for act_id in ids:
        try:
            done.append(undo(act_id, by=person(), now=_now()))
        except Outdated as refusal:
            last = refusal
    if not done:
        return _not_undone(last, form)
    flash(_undone(len(done), len(ids)))
    return _back(form.asked(), done[0].reason_id)


def _to_confirm(
    form: SeveralForm, chosen: Mapping[int, int], decision: Decision, code: str
) -> Response:
    """What would happen to each; what somebody else has decided about meanwhile is left alone."""
    found = list_queued(chosen, now=_now())
    fresh = [one for one in found if one.revision == chosen[one.id]]
    if not fresh:
        raise Outdated(_ALL_DECIDED)
    page = render_template(
        "desk_moderation/several.html",
        form=form,
        asked=form.asked(),
        fresh=fresh,
        missed=[one for one in found if one.revision != chosen[one.id]],
        decision=decision,
        code=code,
        **words_of_moderation(_now()),
    )
    return private(page)


def _not_undone(refusal: Refusal, form: UndoForm) -> Response:
    """Tells it on the page of the text, where the latest decision stands; of several, above the
    queue."""
    told = DecisionForm(formdata=None)
    told.refuse(refusal)
    if len(form.act_ids()) == 1:
        with suppress(NotFound):
            return text_page(form.next_id(), form=told, status=409)
    above = SeveralForm(formdata=None)
    above.refuse(refusal)
    return queue_page(form.asked(), form=above, status=409)


def _told(done: Sequence[Decided], *, missed: int = 0) -> str:
    """What was done, for the page that comes next."""
    if len(done) == 1:
        told = [say(_ONE[done[0].state])]
    else:
        counts = Counter(one.state for one in done)
        told = [say(_several(state, count)) for state, count in counts.items()]
    if missed:
        told.append(
            ngettext(
                "%(count)s was left alone: somebody else came first.",
                "%(count)s were left alone: somebody else came first.",
                missed,
                count=number(missed),
            )
        )
    return " ".join(told)


def _several(state: str, count: int) -> Sentence:
    return {
        "published": sentences(
            "%(count)s text is published.", "%(count)s texts are published.", count
        ),
        "rejected": sentences(
            "%(count)s text is rejected.", "%(count)s texts are rejected.", count
        ),
        "removed": sentences("%(count)s text is removed.", "%(count)s texts are removed.", count),
        "held": sentences("%(count)s text is held.", "%(count)s texts are held.", count),
    }[state]


def _undone(done: int, asked: int) -> str:
    if asked == 1:
        return str(_("Undone. The text stands where it stood before."))
    return str(
        ngettext(
            "Undone for %(count)s text.", "Undone for %(count)s texts.", done, count=number(done)
        )
    )


def _undoing(done: Sequence[Decided]) -> str:
    """The kind of message that offers to undo these; see components/done_messages.html."""
    then = done[0].reason_id if len(done) == 1 else 0
    return f"{UNDO}{then}-{'.'.join(str(one.act_id) for one in done)}"


def _back(asked: Asked, next_id: int = 0) -> BaseResponse:
    """To the queue, at the text to look at next."""
    return redirect(
        url_for("desk_moderation.queue", **asked.at(), then=next_id or None, _anchor="next"), 303
    )


def _now() -> datetime:
    return datetime.now(UTC)


_ONE = {
    "published": sentence("Published. Readers see it."),
    "rejected": sentence("Rejected. Its writer sees why."),
    "removed": sentence("Removed. Readers see that a text stood here, its writer sees why."),
    "held": sentence("Held. Nobody sees it but its writer."),
}
_ALL_DECIDED = sentence(
    "Somebody else has decided about this meanwhile, or its writer has changed it. Look again."
)
