"""Slowing scripts down: so many acts per network and time, counted in memory or Redis only.

The network is kept as a keyed hash of a shortened address, another one every day. All workers of a
server count together: in Redis where there is one, else in memory that they share.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
import os
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, current_app, make_response, render_template, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from poll_app.config import Settings
from poll_app.web.shared_counts import VARIABLE, SharedMemoryStorage

_REDIS_TIMEOUT_S = 0.2
_RETRY_REDIS_S = 30.0


class Limit:
    """Counts acts under a key. With Redis away it goes on counting by itself."""

    def __init__(self, rate: RateLimitItem, redis_url: str | None, secret: str) -> None:
        self._rate = rate
        self._secret = secret.encode()
        memory = os.environ.get(VARIABLE)
        self._own = SlidingWindowCounterRateLimiter(
            SharedMemoryStorage(memory) if memory else MemoryStorage()
        )
        self._shared = SlidingWindowCounterRateLimiter(_redis(redis_url)) if redis_url else None
        self._shared_from = 0.0  # monotonic seconds; later: Redis did not answer

    def wait_s_for(self, key: str) -> int:
        """Counts one act under this key; 0, or the seconds after which it may come again."""
        if self._shared and time.monotonic() >= self._shared_from:
            try:
                return self._hit(self._shared, key)
            except Exception:  # noqa: BLE001 - whatever Redis has, no act depends on it
                self._shared_from = time.monotonic() + _RETRY_REDIS_S
                current_app.logger.warning("Redis does not answer; each process limits by itself")
        return self._hit(self._own, key)

    def _hit(self, limiter: SlidingWindowCounterRateLimiter, key: str) -> int:
        if limiter.hit(self._rate, key):
            return 0
        reset_s = limiter.get_window_stats(self._rate, key).reset_time - time.time()
        # By then the oldest acts begin to leave the window; after one more share one has left.
        return math.ceil(max(0.0, reset_s) + self._rate.get_expiry() / self._rate.amount)

    def network_of(self, address: str) -> str:
        """A keyed hash of the /24 or /48 that the address lies in; another one every day."""
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            shortened = address
        else:
            # A server that listens on IPv6 too may write 192.0.2.1 as ::ffff:192.0.2.1.
            parsed = getattr(parsed, "ipv4_mapped", None) or parsed
            bits = 24 if parsed.version == 4 else 48
            shortened = str(ipaddress.ip_network(f"{parsed}/{bits}", strict=False))
        return self.hashed(f"network {shortened}")

    def hashed(self, text: str) -> str:
        """A key that says nothing about what it was made of; another one every day."""
        said = f"{datetime.now(UTC).date().isoformat()} {text}".encode("utf-8", "replace")
        return hmac.digest(self._secret, said, "sha256").hex()[:16]


def init_app(app: Flask, settings: Settings) -> None:
    """Makes the limit of this installation, if it has one."""
    app.extensions["vote_limit"] = (
        Limit(parse(settings.vote_limit), settings.redis_url, settings.secret_key)
        if settings.vote_limit
        else None
    )


def limit_votes() -> None:
    """Aborts with 429 and when to come back, if too many votes come from this network."""
    _limit("vote")


def limit_peeks() -> None:
    """The same for looks without voting, which use up no votes. Withdrawals need no limit: each has
    a vote before it, and nobody is to wait for one."""
    _limit("peek")


def _limit(kind: str) -> None:
    limit: Limit | None = current_app.extensions["vote_limit"]
    if limit is None:
        return
    wait_s = limit.wait_s_for(f"{kind}:{limit.network_of(request.remote_addr or '')}")
    if wait_s:
        page = make_response(render_template("errors/too_many.html", wait_s=wait_s), 429)
        page.headers["Retry-After"] = str(wait_s)
        page.headers["Cache-Control"] = "private, no-store"
        abort(page)


def _redis(url: str) -> Storage:
    options: dict[str, Any] = {
        "socket_timeout": _REDIS_TIMEOUT_S,
        "socket_connect_timeout": _REDIS_TIMEOUT_S,
    }
    return RedisStorage(url, **options)
