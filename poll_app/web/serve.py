"""The server: granian, one worker process per core, with many cheap threads.

A client that sends its request slowly holds a thread of granian's while the body is awaited, so
there are many; `Front` (web/front.py) lets only a few of them run the application at a time.
Choices and limits: docs/performance.md.
"""

from __future__ import annotations

import ctypes

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from poll_app.web.shared_counts import make_shared_counts

APPLICATION = "poll_app.wsgi:application"

THREADS = 1_000
CONNECTIONS = 4_000
HEADER_TIMEOUT_MS = 20_000
MAX_HEADER_BYTES = 16 * 1024
DRAIN_S = 20
_M_ARENA_MAX = -8  # mallopt(3)


def serve_forever(target: str = APPLICATION, *, host: str, port: int, workers: int) -> None:
    """Serves until SIGTERM or Ctrl+C; requests under way are finished first, a worker that dies is
    replaced, SIGHUP replaces all of them one by one."""
    make_shared_counts()
    _keep_one_heap()
    Granian(
        target,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backlog=CONNECTIONS * 2,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_TIMEOUT_MS, max_buffer_size=MAX_HEADER_BYTES
        ),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_S,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()


def _keep_one_heap() -> None:
    """Tells glibc not to give threads heaps of their own: Python's take turns anyway, and memory
    that each of a thousand has used once is never given back. Workers inherit it."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have no such thing
    if mallopt:
        mallopt(_M_ARENA_MAX, 1)
