"""The public JSON: read only, the same figures as the pages. Each view says what it answers with;
that is what the OpenAPI document is made of (openapi/operations.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from poll_app.services.articles import ArticleView, get_article
from poll_app.services.poll_views import get_poll, get_poll_and_version
from poll_app.services.public_polls import list_public_polls
from poll_app.web.caching import etag_of, rendered_once, shared
from poll_app.web.citations import address_as_of, asked_moment, for_ever, result_at
from poll_app.web.details_json import to_details
from poll_app.web.language import iso
from poll_app.web.openapi.operations import described
from poll_app.web.openapi.shapes import ref
from poll_app.web.paging import MOST, asked_limit, asked_place, cursor_of, linked, next_address
from poll_app.web.poll_json import absolute, current_json, iso_or_none, poll_json, to_json
from poll_app.web.result_pages import details_of
from poll_app.web.results import result_of, until_changed

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/polls")
@described("Polls", query=("limit", "cursor"))
def polls() -> Response:
    """Every public question, newest opening first.

    Without a limit 200 to a page, which is the most. A page stays the same while questions are
    added: `next` has the address of the following one.
    """
    page = list_public_polls(now=datetime.now(UTC), limit=asked_limit(MOST), after=asked_place())
    following = next_address("api.polls", cursor=cursor_of(page.last)) if page.last else None
    data = {"polls": [poll_json(poll) for poll in page.polls], "next": following}
    return shared(linked(jsonify(data), following), etag_of("api", page, following))


@bp.get("/polls/<slug>")
@described("Poll")
def poll(slug: str) -> Response:
    """One question, without figures."""
    found = get_poll(slug, now=datetime.now(UTC))
    return shared(jsonify(poll_json(found)), etag_of("api", found))


@bp.get("/polls/<slug>/results")
@described({"anyOf": [ref("CurrentResult"), ref("Result")]}, query=("as_of",), answers=(422,))
def results(slug: str) -> Response:
    """The result of one question: now, or with as_of as it stood.

    What has become of the question beside its votes (corrections and so on) is told with the
    current result only. While figures are hidden, `visible` is false and options carry no votes.
    """
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
@described("Details")
def details(slug: str) -> Response:
    """What is known beyond the result of one question; null what there is too little of."""
    now = datetime.now(UTC)
    found, version = get_poll_and_version(slug, now=now)
    result = result_of(found, now)
    known = details_of(found, version, result, now)
    text = current_app.json.dumps(to_details(known))
    answer = Response(text, mimetype="application/json")
    return shared(answer, etag_of("api details", found, version, known and known.counted_at))


@bp.get("/articles/<slug>")
@described("Article", answers=(410,))
def article(slug: str) -> Response:
    """An article's facts and its questions."""
    found = get_article(slug, now=datetime.now(UTC))
    data = {**_facts(found), "polls": [poll_json(poll) for poll in found.polls]}
    return shared(jsonify(data), etag_of("api", found))


@bp.get("/articles/<slug>/results")
@described("ArticleResults", answers=(410,))
def article_results(slug: str) -> Response:
    """The results of an article's questions together, each the same as at its own address."""
    now = datetime.now(UTC)
    found = get_article(slug, now=now)
    opened = [
        get_poll_and_version(poll.slug, now=now)
        for poll in found.polls
        if poll.status != "scheduled"
    ]
    etag = etag_of("api article results", found, opened)

    def render() -> str:
        told = [current_json(poll, now) for poll, _ in opened]
        return current_app.json.dumps(
            {"article": _facts(found), "as_of": iso(now), "results": told}
        )

    text = rendered_once(etag, now, render)
    return shared(Response(text, mimetype="application/json"), etag)


def _facts(article: ArticleView) -> dict[str, Any]:
    return {
        "slug": article.slug,
        "url": absolute("reader.article", article.slug),
        "title": article.title,
        "standfirst": article.standfirst,
        "source": article.source,
        "published_at": iso_or_none(article.published_at),
    }
