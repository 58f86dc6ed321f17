"""How often a password or a code may be tried: counted before it is looked at.

Whoever guesses is counted per account and network, and per network. A browser that has signed in to
the account before has a count of its own, so that others can use up theirs without locking the
person out. There is no count per account alone: it would let anybody lock anybody out, and would
protect little where passwords have 15 characters.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from limits import parse

from poll_app.config import Settings
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentences
from poll_app.web.people.browsers import find_device
from poll_app.web.rate_limit import Limit

PER_ACCOUNT = "5 per minute"
PER_NETWORK = "60 per hour"
# Codes are short, but only who has the password gets to try any: these are counted per account.
CODES = "10 per hour"
_KEY = "sign_in_limits"


class TooOften(Refusal):
    """Too many attempts; `wait_s`: after how many seconds the next one is taken."""

    def __init__(self, wait_s: int) -> None:
        said = (
            sentences("Too many attempts. Try again in %(count)s second.",
                      "Too many attempts. Try again in %(count)s seconds.", wait_s)
            if wait_s < 60
            else sentences("Too many attempts. Try again in %(count)s minute.",
                           "Too many attempts. Try again in %(count)s minutes.", -(-wait_s // 60))
        )  # fmt: skip
        super().__init__(said)
        self.wait_s = wait_s

    def mark(self, answer: Response) -> Response:
        """The answer that tells of it, with the time to wait for programs."""
        answer.headers["Retry-After"] = str(self.wait_s)
        return answer


def init_app(app: Flask, settings: Settings) -> None:
    """Makes the counts of this installation."""
    app.extensions[_KEY] = tuple(
        Limit(parse(rate), settings.redis_url, settings.secret_key)
        for rate in (PER_ACCOUNT, PER_NETWORK, CODES)
    )


def count_attempt(email: str) -> None:
    """Counts one attempt to prove with a password to be somebody. Raises TooOften."""
    per_account, per_network, _ = current_app.extensions[_KEY]
    device = find_device(email)
    network = per_network.network_of(request.remote_addr or "")
    who = email.strip().lower()
    key = f"sign-in {who} {device}" if device else f"sign-in {who} at {network}"
    wait_s = per_account.wait_s_for(per_account.hashed(key))
    if not (wait_s or device):
        wait_s = per_network.wait_s_for(f"sign-in:{network}")
    if wait_s:
        raise TooOften(wait_s)


def count_code(account_id: int) -> None:
    """Counts one attempt to prove it with a code as well. Raises TooOften."""
    *_, codes = current_app.extensions[_KEY]
    wait_s = codes.wait_s_for(codes.hashed(f"code {account_id}"))
    if wait_s:
        raise TooOften(wait_s)
