"""Words that readers have answered: a typing mistake put right, or a new wording."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.refusals import Refusal
from poll_app.domain.wording import Wording
from poll_app.services.desk.poll_lists import DeskPoll, get_desk_poll
from poll_app.services.desk.wording import correct_wording
from poll_app.services.desk.wording import reword as start_wording
from poll_app.web.caching import private
from poll_app.web.desk.guard import person
from poll_app.web.desk.poll_forms import CorrectionForm, PollForm, RewordForm, words_of
from poll_app.web.desk.poll_pages import refused
from poll_app.web.desk.polls import bp, now_at_desk, rules_to_choose


@bp.route("/<slug>/correct", methods=["GET", "POST"])
def correct(slug: str) -> BaseResponse:
    """Puts a typing mistake right and keeps the ballots."""
    found = get_desk_poll(slug, now=now_at_desk())
    if request.method == "GET":
        return _page(
            "desk_polls/correct.html", CorrectionForm(formdata=None, data=_corrected(found)), found
        )
    form = CorrectionForm()
    form.refuse_strange_fields()
    wording = Wording(form.question.data or "", tuple(form.option.data or ()))
    try:
        correct_wording(
            slug, wording, revision=form.seen_revision(), by=person(), now=now_at_desk()
        )
    except Refusal as refusal:
        return refused(_page, "desk_polls/correct.html", form, refusal, found, _corrected)
    flash(_("Corrected. Readers see what was changed."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


@bp.route("/<slug>/reword", methods=["GET", "POST"])
def reword(slug: str) -> BaseResponse:
    """Starts a new wording with ballots of its own."""
    found = get_desk_poll(slug, now=now_at_desk())
    if request.method == "GET":
        return _page(
            "desk_polls/reword.html", RewordForm(formdata=None, data=_worded(found)), found
        )
    form = RewordForm()
    form.refuse_strange_fields()
    if (row := form.moved_row()) is not None:
        return _page("desk_polls/reword.html", form, found, row=row)
    try:
        start_wording(
            slug, form.content(), reason=form.reason.data or "",
            in_spite=form.in_spite.data or "", revision=form.seen_revision(), by=person(),
            now=now_at_desk(),
        )  # fmt: skip
    except Refusal as refusal:
        return refused(_page, "desk_polls/reword.html", form, refusal, found, _worded)
    flash(_("The new wording is open. The votes of the earlier one stay beside it."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


def _corrected(found: DeskPoll) -> dict[str, object]:
    words = {"question": found.wording.question, "option": list(found.wording.labels)}
    return {"revision": str(found.revision), **words}


def _worded(found: DeskPoll) -> dict[str, object]:
    return {"revision": str(found.revision), **words_of(found.content)}


def _page(
    template: str, form: PollForm, found: DeskPoll, status: int = 200, **values: object
) -> Response:
    page = render_template(
        template,
        form=form,
        poll=found,
        **rules_to_choose(),
        **{"row": None, "differences": [], **values},
    )
    return private(page, status)
