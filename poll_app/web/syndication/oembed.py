"""oEmbed 1.0: how a page of ours is shown inside another one, as the embed code of the desk does.

It is answered to everybody. On which sites a frame then appears is what `POLL_EMBED_ORIGINS` says
to the browser (web/security.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from poll_app.domain.polls import is_over
from poll_app.domain.refusals import Malformed, Moved, NotFound
from poll_app.domain.sentences import sentence
from poll_app.services.articles import get_article
from poll_app.services.poll_views import PollView, get_poll
from poll_app.web.caching import etag_of, shared
from poll_app.web.desk.embed_code import frame_height, frame_lines
from poll_app.web.syndication.canvas import HEIGHT, WIDTH
from poll_app.web.syndication.page_head import absolute

CACHE_S = 3_600
FRAME_WIDTH = 640

# What shows the same thing: endpoint of a page, endpoint of its frame.
_FRAMES = {
    "reader.poll": "embed.poll",
    "embed.poll": "embed.poll",
    "results.results": "embed.results",
    "embed.results": "embed.results",
    "reader.article": "embed.article",
    "embed.article": "embed.article",
}
_LENGTH = re.compile("[1-9][0-9]{0,4}", re.ASCII)

bp = Blueprint("oembed", __name__)


@dataclass(frozen=True)
class Shown:
    """What stands at an address of ours: its title, its frame, its page, how high a frame it needs,
    the picture of it."""

    title: str
    frame: str
    page: str
    height: int
    image: str | None


@bp.get("/oembed")
def oembed() -> Response:
    """What to put on a page that names one of our addresses."""
    form = _asked("format") or "json"
    if form not in {"json", "xml"}:
        abort(501)
    wide, high = _length("maxwidth"), _length("maxheight")
    fields = _fields(_shown(_asked("url") or ""), wide, high)
    if form == "xml":
        text = render_template("syndication/oembed.xml", fields=fields)
        answer = Response(text, mimetype="text/xml")
    else:
        answer = jsonify(fields)
    return shared(answer, etag_of("oembed", form, fields))


def _asked(name: str) -> str | None:
    given = request.args.getlist(name)
    if len(given) > 1:
        raise Malformed(sentence("Give each parameter once."))
    return given[0] if given else None


def _length(name: str) -> int | None:
    text = _asked(name)
    if text is None:
        return None
    if not _LENGTH.fullmatch(text):
        raise Malformed(sentence("Give the largest width and height as whole numbers of pixels."))
    return int(text)


def _fields(shown: Shown, wide: int | None, high: int | None) -> dict[str, str | int]:
    settings = current_app.extensions["settings"]
    width = min(wide or FRAME_WIDTH, FRAME_WIDTH)
    height = min(high or shown.height, shown.height)
    html = frame_lines(
        shown.frame, shown.page, shown.title, width=str(width) if wide else "100%", height=height
    )
    fields: dict[str, str | int] = {
        "version": "1.0",
        "type": "rich",
        "title": shown.title,
        "provider_name": settings.site_name,
        "provider_url": f"{settings.public_url}/",
        "cache_age": CACHE_S,
        "width": width,
        "height": height,
        "html": html,
    }
    # A picture that is larger than asked for must not be named.
    if shown.image and (wide or WIDTH) >= WIDTH and (high or HEIGHT) >= HEIGHT:
        fields |= {
            "thumbnail_url": shown.image,
            "thumbnail_width": WIDTH,
            "thumbnail_height": HEIGHT,
        }
    return fields


def _shown(url: str) -> Shown:
    """What an address shows. Raises Malformed for none, NotFound for one that is not ours or can't
    be framed."""
    if not url:
        raise Malformed(sentence("Give the address of a page as “url”."))
    endpoint, slug = _place_of(url)
    now = datetime.now(UTC)
    if endpoint == "embed.article":
        article = get_article(slug, now=now)
        height = frame_height([len(poll.options) for poll in article.polls])
        image = _image(article.polls[0]) if article.polls else None
        page = absolute("reader.article", slug)
        return Shown(article.title, absolute(endpoint, slug), page, height, image)
    try:
        poll = get_poll(slug, now=now)
    except Moved as moved:
        poll = get_poll(moved.slug, now=now)
    page = absolute("results.results" if endpoint == "embed.results" else "reader.poll", poll.slug)
    height = frame_height([len(poll.options)])
    return Shown(poll.question, absolute(endpoint, poll.slug), page, height, _image(poll))


def _place_of(url: str) -> tuple[str, str]:
    """The endpoint of the frame for this address, and its slug."""
    none = NotFound(sentence("No page of ours that can be embedded has this address."))
    try:
        asked, ours = urlsplit(url), urlsplit(current_app.extensions["settings"].public_url)
        is_ours = (asked.scheme, asked.netloc.lower()) == (ours.scheme, ours.netloc)
        # What is no address is not made into one by leaving parts of it out.
        if not is_ours or not url.isprintable() or " " in url or _is_earlier(asked.query):
            raise none
        adapter = current_app.url_map.bind(ours.netloc, url_scheme=ours.scheme)
        endpoint, values = adapter.match(asked.path, method="GET")
    except (ValueError, HTTPException, RequestRedirect):
        raise none from None
    if endpoint not in _FRAMES:
        raise none
    return _FRAMES[endpoint], values["slug"]


def _is_earlier(query: str) -> bool:
    """Whether a result as of a moment is asked for: frames show the current one alone."""
    return "as_of=" in query


def _image(poll: PollView) -> str:
    endpoint = "pictures.results_png" if is_over(poll.status) else "pictures.question_png"
    return absolute(endpoint, poll.slug)
