"""Lists in the JSON page by page: what a client asks for, and where it goes on.

A cursor names the last thing on a page, so that a page stays the same while others are added. What
it is made of is nobody's business but ours.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, request, url_for

from poll_app.domain.refusals import Malformed
from poll_app.domain.sentences import sentence
from poll_app.services.public_polls import Place

MOST = 200
MAX_CURSOR_LENGTH = 100

_LIMIT = re.compile(r"[1-9][0-9]{0,2}")
_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)Z ([1-9][0-9]{0,17})", re.ASCII)


def asked_limit(usual: int) -> int:
    """How many to a page. Raises Malformed."""
    text = _asked_once("limit")
    if text is None:
        return usual
    if not _LIMIT.fullmatch(text) or int(text) > MOST:
        raise Malformed(sentence("The limit is a whole number from 1 to %(most)s.", most=MOST))
    return int(text)


def asked_place() -> Place | None:
    """Where the page before ended; None for the first page. Raises Malformed."""
    text = _asked_once("cursor")
    if text is None:
        return None
    try:
        place = _place(base64.urlsafe_b64decode(text.encode()).decode())
    except ValueError:  # neither base64 nor text nor a time
        place = None
    if place is None or cursor_of(place) != text:  # many texts decode to the same; ours is one
        raise Malformed(
            sentence("This cursor is none of ours. Take the one from the page before, unchanged.")
        )
    return place


def _place(said: str) -> Place | None:
    found = _PLACE.fullmatch(said)
    if found is None:
        return None
    return Place(datetime.fromisoformat(found[1]).replace(tzinfo=UTC), int(found[2]))


def cursor_of(place: Place) -> str:
    """The cursor that goes on after this place."""
    said = f"{place.opens_at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z {place.id}"
    return base64.urlsafe_b64encode(said.encode()).decode()


def next_address(endpoint: str, **query: object) -> str:
    """The whole address of the next page: what was asked for, and where it goes on."""
    public: str = current_app.extensions["settings"].public_url
    asked: dict[str, Any] = {"limit": request.args.get("limit"), **query}
    return public + url_for(endpoint, **asked)  # what is None is left out


def linked(answer: Response, address: str | None) -> Response:
    """The answer with a link to the next page in its headers, for clients that follow those."""
    if address:
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


def _asked_once(name: str) -> str | None:
    asked = request.args.getlist(name)
    if len(asked) > 1:
        raise Malformed(sentence("Ask for “%(name)s” once only.", name=name))
    return asked[0] if asked else None
