"""A result as a picture: the chart as SVG, the card that other sites show as PNG."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app

from poll_app.services.poll_views import get_poll, get_poll_and_version
from poll_app.web.caching import etag_of, rendered_once, shared
from poll_app.web.citations import asked_moment, for_ever, result_at
from poll_app.web.language import speak
from poll_app.web.results import result_of, until_changed
from poll_app.web.syndication.drawing import draw_question, draw_result
from poll_app.web.syndication.raster import to_png

bp = Blueprint("pictures", __name__)

_SVG, _PNG = "image/svg+xml", "image/png"


@bp.get("/polls/<slug>/results.svg")
def results_svg(slug: str) -> Response:
    """The result as a chart, with everything it shows."""
    return _picture(slug, is_card=False)


@bp.get("/polls/<slug>/results.png")
def results_png(slug: str) -> Response:
    """The result as a card of 1200 by 630."""
    return _picture(slug, is_card=True)


@bp.get("/polls/<slug>/question.png")
def question_png(slug: str) -> Response:
    """The question and its answers as a card, without figures: for those who have yet to vote."""
    poll = get_poll(slug, now=datetime.now(UTC))
    speak(poll.language, current_app.extensions["languages"])
    card = _answer(to_png(draw_question(poll)), _PNG)
    return shared(card, etag_of("question card", poll))


def _picture(slug: str, *, is_card: bool) -> Response:
    if moment := asked_moment():
        found, result = result_at(slug, moment)
        speak(found.language, current_app.extensions["languages"])
        tag = etag_of("earlier picture", found, result, is_card)
        text = rendered_once(
            tag, result.as_of, lambda: draw_result(found, result, is_card=is_card, earlier=True)
        )
        return for_ever(_made(text, is_card=is_card, earlier=True))
    now = datetime.now(UTC)
    poll, version = get_poll_and_version(slug, now=now)
    speak(poll.language, current_app.extensions["languages"])
    tag = etag_of("picture", poll, version, is_card)
    text = rendered_once(tag, now, lambda: draw_result(poll, result_of(poll, now), is_card=is_card))
    return shared(_made(text, is_card=is_card), tag, unchanged=until_changed(poll, version, now))


def _made(text: str, *, is_card: bool, earlier: bool = False) -> Response:
    if is_card:
        return _answer(to_png(text, earlier=earlier), _PNG)
    return _answer(text.encode(), _SVG)


def _answer(data: bytes, mimetype: str) -> Response:
    """A picture that pages of other sites may show."""
    answer = Response(data, mimetype=mimetype)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
