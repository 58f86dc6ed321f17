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
WEIGHING = "1 per day"  # reports to one question
_KEY = "discussion_limits"


def init_app(app: Flask, settings: Settings) -> None:
    """Makes the counts of this installation. Codes are counted always: nobody has to try many."""
    rates = {"text": TEXTS, "mark": MARKS, "weigh": WEIGHING} if settings.vote_limit else {}
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


def is_first_report(poll_id: int) -> bool:
    """Counts a report that may weigh: the first one to this question from this network today."""
    return not _is_over("weigh", f"{poll_id} ")


def _count(kind: str) -> None:
    if _is_over(kind):
        raise TooMany(
            sentence("Much came from your network in a short time. Nothing was stored; try later.")
        )


def _is_over(kind: str, of: str = "") -> bool:
    """Counts an act, of something if given; whether there were too many already."""
    limit: Limit | None = current_app.extensions[_KEY].get(kind)
    if limit is None:
        return False
    return limit.wait_s_for(f"{kind}:{of}{limit.network_of(request.remote_addr or '')}") > 0
