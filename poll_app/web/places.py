"""Places inside Flask: so many requests of a process at a time, votes apart from pages.

Votes may wait for the database for seconds (another program holds it, a standby is away). Pages,
which never wait for that, have places of their own and go on meanwhile, and so has the question
whether the process lives.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# A batch of the ballot box grows as large as its room: few places would make votes slow.
WRITES_AT_ONCE = 32
READS_AT_ONCE = 8
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
        self._health_checks = threading.BoundedSemaphore(HEALTH_CHECKS_AT_ONCE)

    @contextmanager
    def taken_for(self, environ: WSGIEnvironment) -> Iterator[bool]:
        """Holds a place for this request; False when none became free in time."""
        room = self._reads if environ["REQUEST_METHOD"] in _READING else self._writes
        if environ["PATH_INFO"] == HEALTH:
            room = self._health_checks
        inside = room.acquire(timeout=self._patience_s)
        try:
            yield inside
        finally:
            if inside:
                room.release()
