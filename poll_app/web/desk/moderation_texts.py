"""One text of a reader at the desk: its history, replies, a reply of the newsroom, erasing."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.discussion.texts import MAX_TEXT_LENGTH
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.services.desk.moderation import list_replies
from poll_app.services.discussion.moderation import erase_reason, reply_as_editor
from poll_app.services.discussion.queue import QueuedReason, find_queued
from poll_app.services.discussion.stored import no_such_reason
from poll_app.web.caching import private
from poll_app.web.desk.guard import person
from poll_app.web.desk.moderation import bp, words_of_moderation
from poll_app.web.desk.moderation_forms import (
    MAX_ID,
    DecisionForm,
    EraseForm,
    ReplyForm,
    asked_of,
)

ID = f"<int(max={MAX_ID}):reason_id>"


@bp.get(f"/{ID}")
def text(reason_id: int) -> Response:
    """One text with all that is known of it, and what can be done."""
    return text_page(reason_id)


@bp.post(f"/{ID}/reply")
def reply(reason_id: int) -> BaseResponse:
    """Publishes a reply in the name of the newsroom, signed by who is signed in."""
    form = ReplyForm()
    try:
        form.refuse_strange_fields()
        now = datetime.now(UTC)
        number = reply_as_editor(reason_id, form.text.data or "", by=person(), now=now)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return text_page(reason_id, reply=form, status=422)
    flash(_("Your reply is published, marked as one of the newsroom."))
    return redirect(
        url_for("desk_moderation.text", reason_id=reason_id, _anchor=f"reply-{number}"), 303
    )


@bp.route(f"/{ID}/erase", methods=["GET", "POST"])
def erase(reason_id: int) -> BaseResponse:
    """Asks once more, then erases the words and the name for good."""
    found, form = get_text(reason_id), EraseForm()
    if request.method == "POST":
        try:
            form.refuse_strange_fields()
            now = datetime.now(UTC)
            erase_reason(reason_id, code=form.code.data or "", by=person(), now=now)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Erased. Its words are gone for good; the marks it got still count."))
            return redirect(url_for("desk_moderation.queue"), 303)
    status = 422 if form.errors or form.form_errors else 200
    page = render_template(
        "desk_moderation/erase.html", reason=found, form=form, **words_of_moderation(_now())
    )
    return private(page, status)


def text_page(
    reason_id: int,
    *,
    form: DecisionForm | None = None,
    reply: ReplyForm | None = None,
    status: int = 200,
) -> Response:
    """The page of one text, after a refusal with the form that was refused."""
    found = get_text(reason_id)
    page = render_template(
        "desk_moderation/text.html",
        reason=found,
        replies=list_replies(reason_id),
        asked=form.asked() if form else asked_of(request.args),
        form=form or DecisionForm(formdata=None),
        reply=reply or ReplyForm(formdata=None),
        latest=found.decisions[-1] if found.decisions and status == 409 else None,
        limit=MAX_TEXT_LENGTH,
        **words_of_moderation(_now()),
    )
    return private(page, status)


def get_text(reason_id: int) -> QueuedReason:
    """The text. Raises NotFound, also for one that its writer deleted."""
    found = find_queued(reason_id, now=_now())
    if found is None:
        raise no_such_reason()
    return found


def _now() -> datetime:
    return datetime.now(UTC)
