"""The reader's pages: what is asked, the article, the question, and what a reader does with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.polls import STAYS_LISTED, refuse_unless_open
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.services.articles import get_article
from poll_app.services.poll_views import PollView, get_poll, list_polls
from poll_app.services.voting import cast_ballot, peek, withdraw_ballot
from poll_app.web.caching import etag_of, private, shared
from poll_app.web.cards import card_of, shown_places
from poll_app.web.discussion.boxes import is_discussed, talks_of
from poll_app.web.forms import VoteForm, read_answer
from poll_app.web.gate import admit_voter, find_voter
from poll_app.web.language import speak
from poll_app.web.markdown import render_markdown
from poll_app.web.placements import asked_placement, is_made_up, sent_placement
from poll_app.web.rate_limit import limit_peeks, limit_votes

bp = Blueprint("reader", __name__)


@bp.get("/")
def home() -> Response:
    """Open and recently closed polls by article."""
    now = _now()
    polls = list_polls(now=now, open_since=now - STAYS_LISTED)
    by_article: dict[str | None, list[PollView]] = {}
    for poll in polls:  # newest first, and so are the articles
        by_article.setdefault(poll.article_slug, []).append(poll)
    page = render_template("reader/home.html", by_article=list(by_article.items()))
    return shared(page, etag_of(polls))


@bp.get("/articles/<slug>")
def article(slug: str) -> Response:
    """The article with its polls."""
    found = get_article(slug, now=_now())
    _speak(found.language)
    voter, place = find_voter(), asked_placement("article", slug)
    talks = talks_of(found.polls, voter, _now())
    page = render_template(
        "reader/article.html",
        article=found,
        body=render_markdown(found.body),
        cards=[card_of(poll, voter, placement_id=place) for poll in found.polls],
        talks=talks,
    )
    if voter or is_made_up(place):
        return private(page)
    return shared(page, etag_of(found, place, talks))


@bp.get("/polls/<slug>")
def poll(slug: str) -> Response:
    """The question with its form, or the reader's own answer with change and withdraw."""
    found = get_poll(slug, now=_now())
    _speak(found.language)
    voter, place = find_voter(), asked_placement("poll", slug)
    card, discussed = card_of(found, voter, placement_id=place), is_discussed(found, _now())
    page = render_template("reader/poll.html", card=card, discussed=discussed)
    if voter or is_made_up(place):
        return private(page)
    return shared(page, etag_of(found, place, discussed))


@bp.post("/polls/<slug>/vote")
def vote(slug: str) -> BaseResponse:
    """Casts or changes the reader's ballot."""
    return take_vote(
        slug,
        page="reader/poll.html",
        then=_own_result,
    )


@bp.post("/polls/<slug>/withdraw")
def withdraw(slug: str) -> BaseResponse:
    """Takes the reader's answer back."""
    return take_withdrawal(
        slug, then=lambda poll: url_for("reader.poll", slug=poll.slug, _anchor="withdrawn")
    )


@bp.post("/polls/<slug>/peek")
def peek_at_results(slug: str) -> BaseResponse:
    """Shows the results without voting, and counts that."""
    return take_peek(slug, then=lambda poll: url_for("results.results", slug=poll.slug))


def take_vote(slug: str, *, page: str, then: Callable[[PollView, bool], str]) -> BaseResponse:
    """Casts or changes a ballot sent from a page or a frame. `page` shows it again when it is
    refused; `then` is the address that follows, told whether an answer was changed."""
    now = _now()
    found = get_poll(slug, now=now, recent=True)
    _speak(found.language)
    refuse_unless_open(found, now)
    try:
        option_ids = read_answer(found)
    except Refusal:
        return _asked_again(found, page)
    shown = shown_places(found, request.form.get("order", ""))
    voter = admit_voter(sentence("Vote"))
    limit_votes()
    receipt = cast_ballot(
        current_app.extensions["ballot_box"], found, voter, option_ids,
        shown=shown, placement_id=sent_placement(slug), now=now,
    )  # fmt: skip
    return redirect(then(found, receipt.done == "changed"), 303)


def _own_result(poll: PollView, changed: bool) -> str:
    # Written out: to have it built by url_for takes as long as all of the ballot's checks.
    return f"/polls/{poll.slug}/results{f'?changed={poll.slug}' * changed}#your-answer"


def _asked_again(poll: PollView, page: str) -> Response:
    """The question once more, with what was chosen and what is wrong with it."""
    form = VoteForm(poll)
    form.validate()
    chosen, errors = tuple(form.option.data or ()), tuple(form.option.errors)
    place = sent_placement(poll.slug)
    card = card_of(poll, find_voter(), chosen=chosen, errors=errors, placement_id=place)
    return private(render_template(page, card=card), 422)


def take_withdrawal(slug: str, *, then: Callable[[PollView], str]) -> BaseResponse:
    """Takes an answer back, from a page or a frame."""
    now = _now()
    found = get_poll(slug, now=now)
    _speak(found.language)
    refuse_unless_open(found, now)
    voter = admit_voter(sentence("Withdraw my answer"))
    withdraw_ballot(current_app.extensions["ballot_box"], found, voter, now=now)
    return redirect(then(found), 303)


def take_peek(slug: str, *, then: Callable[[PollView], str]) -> BaseResponse:
    """Counts a look at the results without voting, from a page or a frame."""
    now = _now()
    found = get_poll(slug, now=now)
    _speak(found.language)
    refuse_unless_open(found, now)
    voter = admit_voter(sentence("Show me the results without voting"))
    limit_peeks()
    peek(current_app.extensions["ballot_box"], found, voter, now=now)
    return redirect(then(found), 303)


def _speak(language: str | None) -> None:
    speak(language, current_app.extensions["languages"])


def _now() -> datetime:
    return datetime.now(UTC)
