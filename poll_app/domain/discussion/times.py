"""When a discussion takes part: apart from voting, for an article as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from poll_app.domain.discussion.codes import Moderation
from poll_app.domain.refusals import NotOpen, Refusal
from poll_app.domain.sentences import Sentence, sentence

OPEN_AFTER_VOTING = timedelta(days=14)

DiscussionStatus = Literal["none", "scheduled", "open", "closed"]


@dataclass(frozen=True)
class DiscussionRules:
    """From when to when readers may write (None: not at all; without end), and when it is read."""

    opens_at: datetime | None
    closes_at: datetime | None
    moderation: Moderation = "new_writers"


def rules_without_article(opens_at: datetime | None, closes_at: datetime | None) -> DiscussionRules:
    """Of a question that stands on no article, by its own times: a while longer than voting."""
    return DiscussionRules(opens_at, closes_at + OPEN_AFTER_VOTING if closes_at else None)


def rules_of_earlier_wording(
    rules: DiscussionRules, replaced_at: datetime | None
) -> DiscussionRules:
    """Of a wording that was replaced then: what was said of it stays, nothing is added."""
    ends = [end for end in (rules.closes_at, replaced_at) if end is not None]
    closes_at = min(ends, default=None)
    never = rules.opens_at is None or (closes_at is not None and rules.opens_at >= closes_at)
    return replace(rules, opens_at=None if never else rules.opens_at, closes_at=closes_at)


def discussion_status(rules: DiscussionRules, now: datetime) -> DiscussionStatus:
    """Where it stands at `now`; "none": nobody has opened it."""
    if rules.opens_at is None:
        return "none"
    if now < rules.opens_at:
        return "scheduled"
    return "closed" if rules.closes_at is not None and now >= rules.closes_at else "open"


def why_not_open(rules: DiscussionRules, now: datetime) -> Sentence | None:
    """What a reader is told who would write now; None when that is possible."""
    status = discussion_status(rules, now)
    if status == "none":
        return sentence("There is no discussion of this question.")
    if status == "scheduled":
        return sentence("The discussion opens on %(when)s.", when=rules.opens_at)
    if status == "closed":
        return sentence("The discussion closed on %(when)s.", when=rules.closes_at)
    return None


def refuse_unless_discussed(rules: DiscussionRules, now: datetime) -> None:
    """Raises NotOpen unless readers may write and mark now."""
    if told := why_not_open(rules, now):
        raise NotOpen(told)


def check_discussion_times(rules: DiscussionRules) -> None:
    """Raises Refusal for a discussion that would close before anybody could write."""
    if rules.closes_at is None:
        return
    if rules.opens_at is None or rules.closes_at <= rules.opens_at:
        raise Refusal(sentence("A discussion has to close after it has opened."), field="closes_at")
