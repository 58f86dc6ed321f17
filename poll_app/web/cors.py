"""What scripts of other sites may read: public data, and that without any cookie.

A browser shows a script of another site only what says that everybody may see it. Public figures
are the same for everybody, so they say so. Pages may hold a reader's own answer and the desk is
nobody's business: they never do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFLIGHT_S = 86_400

_PUBLIC = re.compile(
    r"/api/v1/|/(oembed|feed\.atom)$"
    r"|/polls/[^/]+/(results\.(csv|svg|png)|question\.png|reasons\.atom)$"
)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_EXPOSED = "ETag, Link, Retry-After"


def is_public_data(path: str) -> bool:
    """Whether this address holds data for programs or a picture, the same for everybody."""
    return _PUBLIC.match(path) is not None


def marks(method: str, path: str) -> Iterable[tuple[str, str]]:
    """The headers by which a script of another site may read this answer."""
    if method in _READING and is_public_data(path):
        yield "Access-Control-Allow-Origin", "*"
        yield "Access-Control-Expose-Headers", _EXPOSED


def answering_preflights(app: WSGIApplication) -> WSGIApplication:
    """The application with an answer to browsers that ask first whether a script may read data with
    a header of its own (If-None-Match). Any other OPTIONS goes on, and is refused."""

    def ask(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if (
            environ["REQUEST_METHOD"] == "OPTIONS"
            and environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD") in {"GET", "HEAD"}
            and is_public_data(environ.get("PATH_INFO", ""))
        ):
            return _allowed(start)
        return app(environ, start)

    return ask


def _allowed(start: Callable[..., object]) -> Iterable[bytes]:
    headers = {
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": str(PREFLIGHT_S),
        "Cache-Control": "no-store",
    }
    start("204 NO CONTENT", list(headers.items()))
    return [b""]
