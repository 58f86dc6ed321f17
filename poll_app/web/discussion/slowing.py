"""How many texts and marks are taken from one network, and how many return codes it tries or makes.

The limits per reader are the rules' own (domain/discussion/rules.py); these ones meet scripts that
come as many readers. They follow the limit of votes: where that one is off, so are these.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from limits import parse

from poll_app.config import Settings
from poll_app.domain.refusals import TooMany
from poll_app.domain.sentences import sentence
from poll_app.web.rate_limit import Limit

TEXTS = "20 per 10 minute"
MARKS = "120 per 10 minute"
CODES = "30 per hour"
_KEY = "discussion_limits"


def init_app(app: Flask, settings: Settings) -> None:
    """Makes the counts of this installation. Codes are counted always: nobody has to try many."""
    rates = {"text": TEXTS, "mark": MARKS} if settings.vote_limit else {}
    app.extensions[_KEY] = {
        kind: Limit(parse(rate), settings.redis_url, settings.secret_key)
        for kind, rate in {**rates, "code": CODES}.items()
    }


def limit_texts() -> None:
    """Counts a text from this network. Raises TooMany."""
    _count("text")


def limit_marks() -> None:
    """Counts a mark or a report from this network. Raises TooMany."""
    _count("mark")


def limit_codes() -> None:
    """Counts a return code that somebody enters, or asks for anew. Raises TooMany."""
    _count("code")


def _count(kind: str) -> None:
    limit: Limit | None = current_app.extensions[_KEY].get(kind)
    if limit is None:
        return
    network = limit.network_of(request.remote_addr or "")
    if limit.wait_s_for(f"{kind}:{network}"):
        raise TooMany(
            sentence("Much came from your network in a short time. Nothing was stored; try later.")
        )
