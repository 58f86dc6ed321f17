"""In front of Flask: hot public pages from memory, and only so many requests at a time inside.

Flask is nine tenths of the cost of a small answer. A page that a shared cache may keep (it says so
itself, web/caching.py) is therefore kept here for a moment, one copy per process, and never used
for a request that carries a cookie. When a copy grows old one request makes a new one while the
others go on with the old; when there is none they wait for the one that makes it. A page of results
left word how to tell that it would be made the same again: then the old copy is new.
"""

from __future__ import annotations

import io
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.http import parse_etags
from werkzeug.sansio.utils import host_is_trusted

from poll_app.web import cors
from poll_app.web.caching import SHARED_S, UNCHANGED
from poll_app.web.copies import Key, is_asset, key_of
from poll_app.web.places import PATIENCE_S, Places
from poll_app.web.problems import PROBLEM, problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FRESH_S = 1.0
MAX_PAGES = 1_000
MAX_PAGE_BYTES = 256 * 1024
MAX_BODY_BYTES = 64 * 1024
RETRY_S = 5

_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
_NOT_IN_304 = frozenset({"content-length", "content-type"})


@dataclass
class Page:
    """A copy of an answer; `making` is held by whoever makes the next one."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    etag: str = ""
    made_at: float = float("-inf")
    making: threading.Lock = field(default_factory=threading.Lock)
    unchanged: Callable[[], bool] | None = None
    not_for_all: bool = False

    def may_be_kept(self, query: str) -> bool:
        """Whether the application said that any cache may keep it; an asset only under the address
        that pages name, of which there is one."""
        named = {name.lower(): value for name, value in self.headers}
        policy = named.get("cache-control", "")
        return (
            self.status.startswith("200")
            and "public" in policy
            and ("immutable" if is_asset(query) else "s-maxage") in policy
            and "set-cookie" not in named
            and len(self.body) <= MAX_PAGE_BYTES
        )


class Front:
    """A WSGI application around another one, which answers for these hosts (none named: for all);
    `clock` counts seconds and never goes back."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        hosts: Sequence[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._app = app
        self._clock = clock
        self._is_ours = lru_cache(64)(lambda host: host_is_trusted(host, hosts))
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._awaited: dict[Key, Page] = {}
        self._mutex = threading.Lock()
        self._places = Places(patience_s)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answers from memory where that is right, else from the application."""
        if (
            environ["REQUEST_METHOD"] == "GET"
            and "HTTP_COOKIE" not in environ
            and "HTTP_RANGE" not in environ
            and self._is_ours(environ.get("HTTP_HOST"))
        ):
            key = key_of(environ)
            if key is not None:
                return self._public(key, environ, start)
        page = self._ask(environ)
        start(page.status, page.headers)
        return [page.body]

    def _public(self, key: Key, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        page = self._pages.get(key)
        if page is None or self._clock() - page.made_at > FRESH_S:
            page = self._renewed(key, environ)
        age_s = int(self._clock() - page.made_at)
        headers = [*page.headers, ("Age", str(age_s))] if age_s > 0 else page.headers
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and page.etag and parse_etags(asked).contains_weak(page.etag):
            start("304 NOT MODIFIED", [h for h in headers if h[0].lower() not in _NOT_IN_304])
            return [b""]
        start(page.status, headers)
        return [page.body]

    def _renewed(self, key: Key, environ: WSGIEnvironment) -> Page:
        """A copy that is good now: the kept one while somebody makes a new one, or a new one."""
        with self._mutex:
            kept = self._pages.get(key) or self._awaited.setdefault(key, Page())
        plain = {name: value for name, value in environ.items() if name not in _CONDITIONS}
        usable = self._clock() - kept.made_at < SHARED_S
        if not kept.making.acquire(blocking=not usable):
            return kept
        try:
            current = self._pages.get(key)
            if current is not None and self._clock() - current.made_at <= FRESH_S:
                return current  # somebody made it while this request waited
            if current is not None and self._still_stands(current, plain):
                return current
            if not kept.not_for_all:
                return self._make(key, plain, kept)
        finally:
            kept.making.release()
        page = self._ask(plain)  # those who waited in vain need not wait for each other
        page.made_at = self._clock()
        return page

    def _still_stands(self, page: Page, environ: WSGIEnvironment) -> bool:
        if page.unchanged is None:
            return False
        with self._places.taken_for(environ) as inside:
            if not (inside and page.unchanged()):
                return False
        page.made_at = self._clock()
        return True

    def _make(self, key: Key, environ: WSGIEnvironment, kept: Page) -> Page:
        page = Page()
        try:
            page = self._ask(environ)
        finally:
            page.making = kept.making
            page.made_at = self._clock()
            kept.not_for_all = not page.may_be_kept(key[1])
            with self._mutex:
                self._awaited.pop(key, None)
                if kept.not_for_all:
                    self._pages.pop(key, None)
                else:
                    self._pages[key] = page
                    if len(self._pages) > MAX_PAGES:
                        self._pages.popitem(last=False)
        return page

    def _ask(self, environ: WSGIEnvironment) -> Page:
        """The application's answer. The body of the request is read before a place is taken."""
        _take_in_body(environ)
        page = Page()

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> object:
            page.status, page.headers = status, headers
            return None

        with self._places.taken_for(environ) as inside:
            if not inside:
                return _come_back(environ["REQUEST_METHOD"], environ["PATH_INFO"])
            answer = self._app(environ, start)  # type: ignore[arg-type]
            try:
                page.body = b"".join(answer)
            finally:
                getattr(answer, "close", lambda: None)()
        page.unchanged = environ.pop(UNCHANGED, None)
        tag = {name.lower(): value for name, value in page.headers}.get("etag", "")
        page.etag = tag.removeprefix("W/").strip('"')
        return page


def _come_back(method: str, path: str) -> Page:
    """Nothing was begun: the request can be sent again."""
    told = "Too busy at this moment. Try again shortly."
    body, kind = f"{told}\n".encode(), "text/plain"
    if path.startswith("/api/"):
        body, kind = problem("Please try again shortly", 503, told).encode(), PROBLEM
    headers = {
        "Retry-After": str(RETRY_S),
        "Cache-Control": "no-store",
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        "X-Content-Type-Options": "nosniff",
    }
    marks = cors.marks(method, path)
    return Page("503 SERVICE UNAVAILABLE", [*headers.items(), *marks], body)


def _take_in_body(environ: WSGIEnvironment) -> None:
    """Reads the whole body, so that a slow sender waits here; one that is too long is left unread
    and the application refuses it by its length."""
    length = environ.get("CONTENT_LENGTH") or "0"
    chunked = "HTTP_TRANSFER_ENCODING" in environ
    if not chunked and not (length.isdigit() and 0 < int(length) <= MAX_BODY_BYTES):
        return
    body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1 if chunked else int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
