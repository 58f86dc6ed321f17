"""Questions and their results as JSON, in the shape of the contract (openapi/schemas.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, url_for

from poll_app.domain.results import Result
from poll_app.services.poll_stories import list_earlier_results, story_of
from poll_app.services.poll_views import PollView
from poll_app.web.citations import newest_address
from poll_app.web.language import iso, say
from poll_app.web.results import result_of
from poll_app.web.story_json import to_story


def to_json(result: Result) -> dict[str, Any]:
    """The result in the shape of the contract."""
    poll = result.poll
    return {
        "poll": {
            "slug": poll.slug,
            "url": absolute("reader.poll", poll.slug),
            "question": poll.question,
            "method": poll.method,
            "status": poll.status,
            "opens_at": iso_or_none(poll.opens_at),
            "closes_at": iso_or_none(poll.closes_at),
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
        "details_url": absolute("api.details", poll.slug),
    }


def current_json(poll: PollView, now: datetime) -> dict[str, Any]:
    """The current result with what has become of the question, earlier wordings apart."""
    story = story_of(poll)
    percent_from = current_app.extensions["settings"].percent_from
    result = result_of(poll, now)
    earlier = list_earlier_results(story, beside=result, percent_from=percent_from)
    told = {**to_story(story), "earlier_wordings": [to_json(one) for one in earlier]}
    return {**to_json(result), **told}


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


def poll_json(poll: PollView) -> dict[str, Any]:
    """A question without figures."""
    return {
        "slug": poll.slug,
        "url": absolute("reader.poll", poll.slug),
        "question": poll.question,
        "method": poll.method,
        "status": poll.status,
        "opens_at": iso_or_none(poll.opens_at),
        "closes_at": iso_or_none(poll.closes_at),
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


def absolute(endpoint: str, slug: str) -> str:
    """The whole address of a page about this slug."""
    public: str = current_app.extensions["settings"].public_url
    return public + url_for(endpoint, slug=slug)


def iso_or_none(value: datetime | None) -> str | None:
    """The time, where there is one."""
    return iso(value) if value else None
