"""Polls at the desk: the list, one of them, writing and editing, what readers will see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.methods import METHOD_FACTS, POLICY_FACTS, Described
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.services.desk.poll_lists import (
    DeskPoll,
    get_desk_poll,
    list_article_choices,
    list_desk_polls,
)
from poll_app.services.desk.polls import add_draft, delete_draft, duplicate_poll, edit_poll
from poll_app.services.placements import get_places
from poll_app.services.poll_stories import story_of
from poll_app.web.caching import private
from poll_app.web.cards import preview_card
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import desk_blueprint, person
from poll_app.web.desk.poll_forms import QuestionForm, WordsForm, spot_of, words_of
from poll_app.web.language import say, speak

bp = desk_blueprint("desk_polls", __name__, path="/polls", right="edit")

STATES = ("draft", "scheduled", "open", "closed", "resolved")
_MAX_PAGE = 10_000


@bp.get("")
def polls() -> Response:
    """Every poll, narrowed down by a search and by state."""
    search, state = request.args.get("q", ""), request.args.get("state", "")
    page = request.args.get("page", 1, type=int)
    found = list_desk_polls(
        search=search,
        state=state if state in STATES else "",
        page=min(max(page, 1), _MAX_PAGE),
        now=now_at_desk(),
    )
    return private(
        render_template("desk_polls/polls.html", found=found, search=search, state=state)
    )


@bp.get("/new")
def new() -> Response:
    """The form of a new question."""
    article = request.args.get("article", "")
    return _writing(
        "desk_polls/new.html",
        QuestionForm(formdata=None, data={**words_of(None), "article": article}),
    )


@bp.post("")
def create() -> BaseResponse:
    """Stores a draft."""
    form = QuestionForm()
    form.refuse_strange_fields()
    if (row := form.moved_row()) is not None:
        return _writing("desk_polls/new.html", form, row=row)
    try:
        content, (article, place) = form.content(), form.spot()
        slug = add_draft(content, article_slug=article, place=place, by=person(), now=now_at_desk())
    except Refusal as refusal:
        form.refuse(refusal)
        return _writing("desk_polls/new.html", form, 422)
    flash(_("Saved as a draft. Readers don’t see it yet."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


@bp.get("/<slug>")
def poll(slug: str) -> Response:
    """One poll: its state, what it needs, what can be done with it."""
    found = get_desk_poll(slug, now=now_at_desk())
    story = story_of(found.view)
    places = get_places(found.view.id)
    page = render_template(
        "desk_polls/poll.html",
        poll=found,
        story=story,
        places=places,
        methods=METHOD_FACTS,
        policies=POLICY_FACTS,
    )
    return private(page)


@bp.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> BaseResponse:
    """Words, rules and place of a poll; only its place once there are ballots."""
    found = get_desk_poll(slug, now=now_at_desk())
    if request.method == "POST":
        return _save(found, QuestionForm())
    return _writing(
        "desk_polls/edit.html", QuestionForm(formdata=None, data=_stored(found)), poll=found
    )


@bp.post("/<slug>/duplicate")
def duplicate(slug: str) -> BaseResponse:
    """Makes a new draft of it."""
    copy = duplicate_poll(slug, by=person(), now=now_at_desk())
    flash(_("This is a new draft with the same words."))
    return redirect(url_for("desk_polls.edit", slug=copy), 303)


@bp.route("/<slug>/delete", methods=["GET", "POST"])
def delete(slug: str) -> BaseResponse:
    """Asks once more, then deletes a draft."""
    found, form = get_desk_poll(slug, now=now_at_desk()), DeskForm()
    if request.method == "POST":
        try:
            delete_draft(slug, by=person(), now=now_at_desk())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("“%(question)s” is deleted.", question=found.content.question))
            return redirect(url_for("desk_polls.polls"), 303)
    status = 422 if form.form_errors else 200
    return private(render_template("desk_polls/delete.html", poll=found, form=form), status)


@bp.get("/<slug>/preview")
def preview(slug: str) -> Response:
    """The page as readers will see it; its forms send nothing."""
    found = get_desk_poll(slug, now=now_at_desk())
    speak(found.view.language, current_app.extensions["languages"])
    card, is_public = preview_card(found.view), found.status != "draft"
    return private(render_template("desk_polls/preview.html", card=card, is_public=is_public))


def rules_to_choose() -> dict[str, Any]:
    """What forms offer: methods and ways to show results, as the rules describe them."""
    offered: dict[str, Mapping[str, Described]] = {
        "methods": METHOD_FACTS,
        "policies": POLICY_FACTS,
    }
    return {
        name: [(code, f"{say(one.label)}. {say(one.explanation)}") for code, one in facts.items()]
        for name, facts in offered.items()
    }


def now_at_desk() -> datetime:
    """The time of this request."""
    return datetime.now(UTC)


def _save(found: DeskPoll, form: QuestionForm) -> BaseResponse:
    form.refuse_strange_fields()
    if (row := form.moved_row()) is not None:
        return _writing("desk_polls/edit.html", form, poll=found, row=row)
    differences, status = [], 422
    try:
        content = form.content() if "question" in request.form else None
        article, place = form.spot()
        edit_poll(
            found.slug,
            content,
            article_slug=article,
            place=place,
            reason=form.reason.data or "",
            revision=form.seen_revision(),
            by=person(),
            now=now_at_desk(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        if isinstance(refusal, Outdated):
            found, status = get_desk_poll(found.slug, now=now_at_desk()), 409
            shown = (
                spot_of(found) if found.is_fixed else {**words_of(found.content), **spot_of(found)}
            )
            differences = form.differences(shown)
            form.revision.data = str(found.revision)
    else:
        flash(_("Saved."))
        return redirect(url_for("desk_polls.poll", slug=found.slug), 303)
    return _writing("desk_polls/edit.html", form, status, poll=found, differences=differences)


def _stored(found: DeskPoll) -> dict[str, Any]:
    return {"revision": str(found.revision), **words_of(found.content), **spot_of(found)}


def _writing(template: str, form: WordsForm, status: int = 200, **values: object) -> Response:
    page = render_template(
        template,
        form=form,
        articles=[("", _("No article")), *list_article_choices()],
        **rules_to_choose(),
        **{"row": None, "differences": [], **values},
    )
    return private(page, status)
