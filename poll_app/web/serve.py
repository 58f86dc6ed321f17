"""The server: one process that bears slow and many clients, fit to stand on the Internet bare."""

from __future__ import annotations

import signal
from types import FrameType

import waitress
from flask import Flask

THREADS = 16
MAX_CONNECTIONS = 2_000
CHANNEL_TIMEOUT_S = 20
MAX_HEADER_BYTES = 16 * 1024
MAX_BODY_BYTES = 64 * 1024


def serve_forever(app: Flask, *, host: str, port: int) -> None:
    """Serves until SIGTERM or Ctrl+C; requests under way are finished first."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    # waitress reads each request whole before a thread sees it, so slow senders cost a socket only.
    waitress.serve(
        app,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=MAX_CONNECTIONS,
        asyncore_use_poll=True,
        channel_timeout=CHANNEL_TIMEOUT_S,
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=MAX_BODY_BYTES,
        ident=None,
    )
