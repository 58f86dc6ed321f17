"""The public JSON: read only, the same figures as the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, url_for

from poll_app.domain.results import Result
from poll_app.services.articles import get_article
from poll_app.services.poll_stories import list_earlier_results, story_of
from poll_app.services.poll_views import PollView, get_poll, get_poll_and_version, list_polls
from poll_app.web.caching import etag_of, rendered_once, shared
from poll_app.web.citations import address_as_of, asked_moment, for_ever, newest_address, result_at
from poll_app.web.details_json import to_details
from poll_app.web.language import iso, say
from poll_app.web.result_pages import details_of
from poll_app.web.results import result_of, until_changed
from poll_app.web.story_json import to_story

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/polls")
def polls() -> Response:
    """Every poll but drafts, newest opening first."""
    found = list_polls(now=datetime.now(UTC))
    return shared(jsonify({"polls": [_poll(poll) for poll in found]}), etag_of("api", found))


@bp.get("/polls/<slug>")
def poll(slug: str) -> Response:
    """One poll, without figures."""
    found = get_poll(slug, now=datetime.now(UTC))
    return shared(jsonify(_poll(found)), etag_of("api", found))


@bp.get("/polls/<slug>/results")
def results(slug: str) -> Response:
    """The result of one poll."""
    if moment := asked_moment():
        _, result = result_at(slug, moment)
        own = address_as_of(slug, result.as_of, "api.results")
        return for_ever(jsonify({**to_json(result), "peeks": None, "as_of_url": own}))
    now = datetime.now(UTC)
    found, version = get_poll_and_version(slug, now=now)
    etag = etag_of("api results", found, version)
    text = rendered_once(etag, now, lambda: current_app.json.dumps(current_json(found, now)))
    answer = Response(text, mimetype="application/json")
    return shared(answer, etag, unchanged=until_changed(found, version, now))


@bp.get("/polls/<slug>/details")
def details(slug: str) -> Response:
    """What is known beyond the result of one poll; null what there is too little of."""
    now = datetime.now(UTC)
    found, version = get_poll_and_version(slug, now=now)
    result = result_of(found, now)
    known = details_of(found, version, result, now)
    text = current_app.json.dumps(to_details(known))
    answer = Response(text, mimetype="application/json")
    return shared(answer, etag_of("api details", found, version, known and known.counted_at))


@bp.get("/articles/<slug>")
def article(slug: str) -> Response:
    """An article's facts and its polls."""
    found = get_article(slug, now=datetime.now(UTC))
    data = {
        "slug": found.slug,
        "url": _absolute("reader.article", found.slug),
        "title": found.title,
        "standfirst": found.standfirst,
        "source": found.source,
        "published_at": _time(found.published_at),
        "polls": [_poll(poll) for poll in found.polls],
    }
    return shared(jsonify(data), etag_of("api", found))


def to_json(result: Result) -> dict[str, Any]:
    """The result in the shape of the contract."""
    poll = result.poll
    return {
        "poll": {
            "slug": poll.slug,
            "url": _absolute("reader.poll", poll.slug),
            "question": poll.question,
            "method": poll.method,
            "status": poll.status,
            "opens_at": _time(poll.opens_at),
            "closes_at": _time(poll.closes_at),
            "wording_version": poll.wording_version,
            "simulated": poll.simulated,
        },
        "as_of": iso(result.as_of),
        "visible": result.visible,
        "ballots": result.ballots,
        "set_aside": result.set_aside,
        "options": [_option(option, result.visible) for option in result.options],
        "order": result.order,
        "sentence": say(result.sentence),
        "note": say(result.note),
        "tipping_ratio": result.tipping_ratio,
        "checksum": result.checksum,
        "peeks": result.peeks,
        "as_of_url": newest_address(poll.slug, poll.opens_at, result.as_of),
        "details_url": _absolute("api.details", poll.slug),
    }


def current_json(poll: PollView, now: datetime) -> dict[str, Any]:
    """The current result with what has become of the question, earlier wordings apart."""
    story = story_of(poll)
    percent_from = current_app.extensions["settings"].percent_from
    earlier = list_earlier_results(story, now=now, percent_from=percent_from)
    told = {**to_story(story), "earlier_wordings": [to_json(result) for result in earlier]}
    return {**to_json(result_of(poll, now)), **told}


def _option(option: Any, visible: bool) -> dict[str, Any]:
    named = {"id": option.id, "label": option.label, "not_sure": option.not_sure}
    if not visible:
        return named
    return {
        **named,
        "votes": option.votes,
        "percent": option.percent,
        "percent_label": option.percent_label,
    }


def _poll(poll: PollView) -> dict[str, Any]:
    return {
        "slug": poll.slug,
        "url": _absolute("reader.poll", poll.slug),
        "question": poll.question,
        "method": poll.method,
        "status": poll.status,
        "opens_at": _time(poll.opens_at),
        "closes_at": _time(poll.closes_at),
        "wording_version": poll.wording_version,
        "min_choices": poll.min_choices,
        "max_choices": poll.max_choices,
        "results_policy": poll.results_policy,
        "simulated": poll.simulated,
        "article": poll.article_slug,
        "options": [
            {"id": option.id, "label": option.label, "not_sure": option.not_sure}
            for option in poll.options
        ],
    }


def _absolute(endpoint: str, slug: str) -> str:
    public: str = current_app.extensions["settings"].public_url
    return public + url_for(endpoint, slug=slug)


def _time(value: datetime | None) -> str | None:
    return iso(value) if value else None
