"""How often readers may write, for how long they may edit, and what moderators may decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args

from poll_app.domain.discussion.codes import State
from poll_app.domain.refusals import Refusal, TooMany
from poll_app.domain.sentences import sentence, sentences

MAX_AN_HOUR, MAX_IN_ALL = 5, 40  # texts, and reports, of one reader to one question
MAX_EDITS = 5
HOLDING_REPORTS = 3
LATE_HOURS = 2
LATE_AFTER = timedelta(hours=LATE_HOURS + 1)  # of a whole hour it is not known when in it
_EDITABLE = timedelta(hours=2)
_STATES_TO_EDIT = frozenset({"held", "published"})

Decision = Literal["publish", "reject", "hold"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)


def whole_hour(now: datetime) -> datetime:
    """The hour it falls into: finer times of readers are never stored."""
    return now.replace(minute=0, second=0, microsecond=0)


def editable_until(hour: datetime) -> datetime:
    """The end of the hour after the one it was written in. Only the hour is known, so that this is
    between one and two hours."""
    return hour + _EDITABLE


def refuse_more_texts(this_hour: int, in_all: int) -> None:
    """Raises TooMany for a reader who has written so much to this question already."""
    if in_all >= MAX_IN_ALL:
        raise TooMany(
            sentence("You have written %(most)s texts to this question.", most=MAX_IN_ALL)
        )
    if this_hour >= MAX_AN_HOUR:
        raise TooMany(
            sentences(
                "You can write %(count)s text an hour. Come back later.",
                "You can write %(count)s texts an hour. Come back later.",
                MAX_AN_HOUR,
            )
        )


def refuse_more_reports(this_hour: int, in_all: int) -> None:
    """Raises TooMany for a reader who has reported so much of this question already."""
    if in_all >= MAX_IN_ALL or this_hour >= MAX_AN_HOUR:
        raise TooMany(sentence("You have reported much in a short time. Come back later."))


def may_edit(state: str, hour: datetime, now: datetime) -> bool:
    """Whether a text in this state, written in that hour, can still be changed by its writer."""
    return state in _STATES_TO_EDIT and now < editable_until(hour)


def refuse_edit(state: str, hour: datetime, edits: int, now: datetime) -> None:
    """Raises Refusal unless the writer may still change the text."""
    if state not in _STATES_TO_EDIT:
        raise Refusal(sentence("This text can’t be changed any more, only deleted."))
    if not may_edit(state, hour, now):
        raise Refusal(
            sentence("A text can be changed until the end of the hour after it was written.")
        )
    if edits >= MAX_EDITS:
        raise Refusal(sentence("This text was changed often enough. You can delete it."))


def parse_decision(text: str) -> Decision:
    """Raises Refusal unless it is something that moderators decide."""
    for one in DECISIONS:
        if one == text:
            return one
    raise Refusal(sentence("Choose what to do."), field="decision")


def decided_state(decision: Decision, *, was_published: bool) -> State:
    """What a decision makes of a reason. What readers have seen leaves a mark where it stood."""
    if decision == "reject":
        return "removed" if was_published else "rejected"
    return "published" if decision == "publish" else "held"
