"""The reader's pages: what is asked, the article, the question, and what a reader does with it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from itsdangerous import BadSignature, Signer
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.polls import refuse_unless_open, was_long_ago
from poll_app.domain.refusals import Malformed
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Choosable, shuffled
from poll_app.services.articles import get_article
from poll_app.services.poll_views import PollView, get_poll, list_polls
from poll_app.services.voting import (
    OwnAnswer,
    cast_ballot,
    find_own_answer,
    peek,
    withdraw_ballot,
)
from poll_app.web.caching import etag_of, private, shared
from poll_app.web.forms import VoteForm
from poll_app.web.gate import admit_voter, find_voter
from poll_app.web.language import speak
from poll_app.web.markdown import render_markdown
from poll_app.web.rate_limit import limit_votes

bp = Blueprint("reader", __name__)

_randomness = random.SystemRandom()


@dataclass(frozen=True)
class Card:
    """A question as it stands on a page: its options in the order of this rendering, that order
    signed, the reader's own answer, and after a refusal what was chosen and what is wrong.
    """

    poll: PollView
    options: tuple[Choosable, ...]
    order: str
    own: OwnAnswer | None
    chosen: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@bp.get("/")
def home() -> Response:
    """Open and recently closed polls by article."""
    now = _now()
    polls = [poll for poll in list_polls(now=now) if not was_long_ago(poll, now)]
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
    voter = find_voter()
    page = render_template(
        "reader/article.html",
        article=found,
        body=render_markdown(found.body),
        cards=[_card(poll, voter) for poll in found.polls],
    )
    return private(page) if voter else shared(page, etag_of(found))


@bp.get("/polls/<slug>")
def poll(slug: str) -> Response:
    """The question with its form, or the reader's own answer with change and withdraw."""
    found = get_poll(slug, now=_now())
    _speak(found.language)
    voter = find_voter()
    page = render_template("reader/poll.html", card=_card(found, voter))
    return private(page) if voter else shared(page, etag_of(found))


@bp.post("/polls/<slug>/vote")
def vote(slug: str) -> BaseResponse:
    """Casts or changes the reader's ballot."""
    now = _now()
    found = get_poll(slug, now=now, recent=True)
    _speak(found.language)
    refuse_unless_open(found, now)
    form = VoteForm(found)
    if not form.validate():
        card = _card(
            found,
            find_voter(),
            chosen=tuple(form.option.data or ()),
            errors=tuple(form.option.errors),
        )
        return private(render_template("reader/poll.html", card=card), 422)
    shown = _shown_places(found, form.order.data or "")
    voter = admit_voter(sentence("Vote"))
    limit_votes()
    cast_ballot(
        current_app.extensions["ballot_box"], found, voter, form.option_ids, shown=shown, now=now
    )
    return redirect(url_for("results.results", slug=slug, _anchor="your-answer"), 303)


@bp.post("/polls/<slug>/withdraw")
def withdraw(slug: str) -> BaseResponse:
    """Takes the reader's answer back."""
    now = _now()
    found = get_poll(slug, now=now)
    _speak(found.language)
    refuse_unless_open(found, now)
    voter = admit_voter(sentence("Withdraw my answer"))
    withdraw_ballot(current_app.extensions["ballot_box"], found, voter, now=now)
    return redirect(url_for("reader.poll", slug=slug, _anchor="withdrawn"), 303)


@bp.post("/polls/<slug>/peek")
def peek_at_results(slug: str) -> BaseResponse:
    """Shows the results without voting, and counts that."""
    now = _now()
    found = get_poll(slug, now=now)
    _speak(found.language)
    refuse_unless_open(found, now)
    voter = admit_voter(sentence("Show me the results without voting"))
    peek(current_app.extensions["ballot_box"], found, voter, now=now)
    return redirect(url_for("results.results", slug=slug), 303)


def _card(
    poll: PollView,
    voter: Voter | None,
    *,
    chosen: tuple[str, ...] = (),
    errors: tuple[str, ...] = (),
) -> Card:
    options = shuffled(poll.options, _randomness)
    order = _order_signer(poll).sign(".".join(str(option.id) for option in options)).decode()
    own = find_own_answer(poll, voter)
    if own and not (chosen or errors):
        chosen = tuple(str(option_id) for option_id in own.option_ids)
    return Card(poll, options, order, own, chosen, errors)


def _shown_places(poll: PollView, order: str) -> dict[int, int]:
    """The place (from 1) of each option on the page that was sent back; {} for none.

    Raises Malformed when the order was tampered with or belongs to another question.
    """
    if not order:
        return {}
    try:
        ids = _order_signer(poll).unsign(order).decode().split(".")
    except BadSignature as error:
        raise Malformed(
            sentence("This form is damaged. Open the question again and send it from there.")
        ) from error
    return {int(option_id): place for place, option_id in enumerate(ids, 1)}


def _order_signer(poll: PollView) -> Signer:
    return Signer(current_app.secret_key or "", salt=f"option order {poll.id}")


def _speak(language: str | None) -> None:
    speak(language, current_app.extensions["languages"])


def _now() -> datetime:
    return datetime.now(UTC)
