"""Questions of an article whose answers may be compared: their voter keys are made with one salt.

A poll takes that salt over from its article, or gives it up, only while it has not opened: ballots
are filed under it, and readers were told. So it stays with a poll that is moved later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from poll_app.models import Article, Poll

# Pages kept in memory may know the poll as it stood a moment ago.
_MOMENT = timedelta(minutes=1)


def has_opened(poll: Poll, now: datetime) -> bool:
    """Whether readers have come upon the question, or are about to."""
    return poll.opens_at is not None and poll.opens_at <= now + _MOMENT


def follow_article(poll: Poll, article: Article | None, *, now: datetime) -> None:
    """Makes the poll one of those that may be compared on this article, or no longer one."""
    if not has_opened(poll, now):
        poll.shared_salt = article.voter_salt if article else None
