"""Places inside Flask: so many requests of a process at a time, votes apart from pages.

Votes may wait for the database for seconds (another program holds it, a standby is away). Pages,
which never wait for that, have places of their own and go on meanwhile, and so has the question
whether the process lives. The desk, where passwords are checked slowly on purpose, has its own too:
whoever tries many keeps no reader waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from poll_app.web.security import is_desk

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# A batch of the ballot box grows as large as its room: few places would make votes slow.
WRITES_AT_ONCE = 32
READS_AT_ONCE = 8
DESK_AT_ONCE = 16
HEALTH_CHECKS_AT_ONCE = 2
PATIENCE_S = 10.0
HEALTH = "/healthz"

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Places:
    """The places of one process; who gets none within `patience_s` is to come back later."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._writes = threading.BoundedSemaphore(WRITES_AT_ONCE)
        self._reads = threading.BoundedSemaphore(READS_AT_ONCE)
        self._desk = threading.BoundedSemaphore(DESK_AT_ONCE)
        self._health_checks = threading.BoundedSemaphore(HEALTH_CHECKS_AT_ONCE)

    def _room_for(self, environ: WSGIEnvironment) -> threading.BoundedSemaphore:
        path = environ["PATH_INFO"]
        if path == HEALTH:
            return self._health_checks
        if is_desk("/" + path.lstrip("/")):  # as Flask reads it
            return self._desk
        return self._reads if environ["REQUEST_METHOD"] in _READING else self._writes

    @contextmanager
    def taken_for(self, environ: WSGIEnvironment) -> Iterator[bool]:
        """Holds a place for this request; False when none became free in time."""
        room = self._room_for(environ)
        inside = room.acquire(timeout=self._patience_s)
        try:
            yield inside
        finally:
            if inside:
                room.release()
