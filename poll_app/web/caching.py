"""Who may keep a page: anyone's page may be shared for seconds, one reader's page never."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from flask import Response, current_app, make_response, request

UNCHANGED = "poll_app.unchanged"  # where a page leaves its `unchanged` for the front
SHARED_S = 10
STALE_S = 60
_MAX_RENDERED = 500


def etag_of(*parts: object) -> str:
    """A tag that is the same wherever the same page is made from the same data."""
    seen = repr((current_app.extensions["edition"], parts)).encode()
    return hashlib.sha256(seen).hexdigest()[:32]


def shared(
    response: Response | str, etag: str, *, unchanged: Callable[[], bool] | None = None
) -> Response:
    """A page that is the same for every reader: shared caches may keep it, and a client that has
    it gets 304. The tag is weak: only the order of the options differs between renderings.

    `unchanged` tells later, outside of any request, whether the page would be made the same again:
    the front asks it before it asks for a new one.
    """
    if unchanged:
        request.environ[UNCHANGED] = unchanged
    answer = make_response(response)
    answer.headers["Cache-Control"] = f"public, max-age=0, s-maxage={SHARED_S}"
    # Told to shared caches alone (RFC 9213): a browser would show the page of before the vote.
    answer.headers["CDN-Cache-Control"] = (
        f"public, max-age={SHARED_S}, stale-while-revalidate={STALE_S}"
    )
    answer.set_etag(etag, weak=True)
    answer.make_conditional(request)
    return answer


def private(response: Response | str, status: int = 200) -> Response:
    """A page made for one reader."""
    answer = make_response(response, status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def rendered_once(etag: str, now: datetime, render: Callable[[], str]) -> str:
    """The text of a public page, rendered once per tag: what the tag stands for has not changed.

    Once a minute it is rendered anew, for the time that it states.
    """
    texts: OrderedDict[tuple[str, datetime], str] = current_app.extensions.setdefault(
        "rendered", OrderedDict()
    )
    key = (etag, minute_of(now))
    text = texts.get(key)
    if text is None:
        text = texts[key] = render()
        if len(texts) > _MAX_RENDERED:
            texts.popitem(last=False)
    return text


def minute_of(now: datetime) -> datetime:
    """The minute that a rendered page states as its time."""
    return now.replace(second=0, microsecond=0)
