"""Frames for other sites: a question or an article's questions, to vote and see results in.

They need no script, and no cookie before a vote (web/gate.py). A post in a frame comes from our own
page, so it is guarded like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    has_request_context,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.polls import is_over
from poll_app.domain.results import Result
from poll_app.domain.voters import Voter
from poll_app.services.articles import get_article
from poll_app.services.discussion.reading import get_discussion
from poll_app.services.poll_views import PollView, get_poll, get_poll_and_version
from poll_app.services.voting import OwnAnswer, find_own_answer
from poll_app.web.caching import etag_of, private, rendered_once, shared
from poll_app.web.cards import Card, card_of
from poll_app.web.discussion.boxes import stand_of
from poll_app.web.frames import asked, asks_for_known_things, framed_placement
from poll_app.web.gate import find_voter
from poll_app.web.language import speak
from poll_app.web.placements import FIELD, Kind, token_for
from poll_app.web.reader import take_peek, take_vote, take_withdrawal
from poll_app.web.results import result_of, until_changed

LOADER_S = 3_600

bp = Blueprint("embed", __name__)


@dataclass(frozen=True)
class Entry:
    """A question in the frame of its article; with its result once it was answered or is over."""

    card: Card
    result: Result | None


@bp.before_request
def speak_as_asked() -> None:
    """The language that the address asks for goes before the article's."""
    g.asked_language = asked().get("lang", "").replace("-", "_")


@bp.url_defaults
def keep_what_was_asked(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses of frames named in a frame keep what its own address asked for."""
    if not has_request_context():
        return
    kept = asked()
    if request.endpoint == "embed.article":
        kept["from"] = "article"
    elif endpoint == "embed.article":
        kept.pop("from", None)
    if (place := framed_placement()) and "slug" in values:  # a token holds for one page
        kind: Kind = "article" if endpoint == "embed.article" else "poll"
        kept[FIELD] = token_for(kind, values["slug"], place)
    values.update(kept)


@bp.get("/embed/polls/<slug>")
def poll(slug: str) -> Response:
    """The question to vote on; its results once this reader has answered or voting is over."""
    found, version = get_poll_and_version(slug, now=_now())
    _speak(found.language)
    voter = find_voter()
    if _shows_result(found, find_own_answer(found, voter)):
        return _result_page(found, version, voter)
    return _ballot_page(found, voter)


@bp.get("/embed/polls/<slug>/change")
def change(slug: str) -> Response:
    """The question with the reader's own answer, to change or withdraw it."""
    found = get_poll(slug, now=_now())
    _speak(found.language)
    return _ballot_page(found, find_voter())


@bp.get("/embed/polls/<slug>/results")
def results(slug: str) -> Response:
    """The results, short; the full page has the method."""
    found, version = get_poll_and_version(slug, now=_now())
    _speak(found.language)
    return _result_page(found, version, find_voter())


@bp.get("/embed/articles/<slug>")
def article(slug: str) -> Response:
    """An article's questions below each other."""
    now = _now()
    found = get_article(slug, now=now)
    _speak(found.language)
    voter = find_voter()
    entries = [_entry(poll, voter, now) for poll in found.polls]
    page = render_template("embed/article.html", article=found, entries=entries)
    figures = [entry.result.checksum for entry in entries if entry.result]
    return _kept(page, voter, etag_of("frame", found, figures, asked()))


@bp.post("/embed/polls/<slug>/vote")
def vote(slug: str) -> BaseResponse:
    """Casts or changes the reader's ballot; the frame then shows the result."""
    return take_vote(
        slug,
        page="embed/poll.html",
        then=lambda poll, changed: _next(
            poll, "answer", "results", changed=poll.slug if changed else None
        ),
    )


@bp.post("/embed/polls/<slug>/withdraw")
def withdraw(slug: str) -> BaseResponse:
    """Takes the reader's answer back; the frame then shows the question."""
    return take_withdrawal(slug, then=lambda poll: _next(poll, "withdrawn", "poll"))


@bp.post("/embed/polls/<slug>/peek")
def peek_at_results(slug: str) -> BaseResponse:
    """Shows the results in the frame without voting, and counts that."""
    return take_peek(slug, then=lambda poll: url_for("embed.results", slug=poll.slug))


@bp.get("/embed.js")
def loader() -> Response:
    """The script that a page may load to give its frames their height; frames scroll without it."""
    answer = current_app.send_static_file("js/embed.js")
    answer.headers["Cache-Control"] = f"public, max-age={LOADER_S}, s-maxage={LOADER_S}"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _next(poll: PollView, place: str, view: str, **told: Any) -> str:
    """Where a reader goes on: in the frame of the article, when it began there."""
    if "from" in asked() and poll.article_slug:
        anchor = f"{poll.slug}-{place}"
        return url_for("embed.article", slug=poll.article_slug, _anchor=anchor, **told)
    anchor = "your-answer" if place == "answer" else place
    return url_for(f"embed.{view}", slug=poll.slug, _anchor=anchor, **told)


def _shows_result(poll: PollView, own: OwnAnswer | None) -> bool:
    return is_over(poll.status) or (own is not None and not own.withdrawn)


def _entry(poll: PollView, voter: Voter | None, now: datetime) -> Entry:
    card = card_of(poll, voter, placement_id=framed_placement())
    if not _shows_result(poll, card.own):
        return Entry(card, None)
    has_voted = card.own is not None and not card.own.withdrawn
    return Entry(card, result_of(poll, now, has_voted=has_voted))


def _ballot_page(poll: PollView, voter: Voter | None) -> Response:
    page = render_template(
        "embed/poll.html", card=card_of(poll, voter, placement_id=framed_placement())
    )
    return _kept(page, voter, etag_of("frame", poll, asked()))


def _result_page(poll: PollView, version: int, voter: Voter | None) -> Response:
    now = _now()
    own = find_own_answer(poll, voter)

    def render() -> str:
        result = result_of(poll, now, has_voted=own is not None and not own.withdrawn)
        discussion = get_discussion(poll, now=now, per_side=1)
        return render_template(
            "embed/results.html", poll=poll, result=result, own=own, discussion=discussion
        )

    if voter:
        return private(render())
    stand = stand_of(poll, now)
    etag = etag_of("frame of results", poll, version, stand, asked())
    page = rendered_once(etag, now, render)
    unchanged = until_changed(poll, version, now, stand[0])
    return _kept(page, voter, etag, unchanged=unchanged)


def _kept(page: str, voter: Voter | None, etag: str, **how: Any) -> Response:
    """The page as caches may keep it: for everybody, unless it was made for one reader or its
    address was made up."""
    if voter or not asks_for_known_things():
        return private(page)
    return shared(page, etag, **how)


def _speak(language: str | None) -> None:
    speak(language, current_app.extensions["languages"])


def _now() -> datetime:
    return datetime.now(UTC)
