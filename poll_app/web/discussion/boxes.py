"""What other pages show of a discussion: its first reasons, the reader's own part, the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from poll_app.domain.discussion.times import DiscussionStatus, discussion_status
from poll_app.domain.polls import is_over
from poll_app.domain.voters import Voter
from poll_app.services.discussion.own import OwnPart, find_own_part
from poll_app.services.discussion.reading import DiscussionView, get_discussion
from poll_app.services.discussion.standings import discussion_version
from poll_app.services.poll_views import PollView
from poll_app.web.discussion.forms import TextForm, made_for

ON_RESULTS = 2


@dataclass(frozen=True)
class Look:
    """How the reasons of a question are shown on one page: to whom, in which state, with figures or
    without. `here`: what leads a form back to this place; `level`: of a reason's heading; `brief`:
    long texts only begin, and replies are only counted."""

    slug: str
    labels: Mapping[int, str]
    own: OwnPart
    status: DiscussionStatus
    figures: bool
    level: int
    brief: bool = False
    here: Mapping[str, object] = field(default_factory=dict)


def look_at(
    poll: PollView,
    own: OwnPart,
    now: datetime,
    *,
    level: int = 3,
    brief: bool = False,
    **here: object,
) -> Look:
    """The look of this question's reasons for the reader whose part this is."""
    return Look(
        slug=poll.slug,
        labels={option.id: option.label for option in poll.options},
        own=own,
        status=discussion_status(poll.discussion, now),
        figures=shows_counts(poll),
        level=level,
        brief=brief,
        here=here,
    )


@dataclass(frozen=True)
class Talk:
    """The discussion of a question as a page of results or an article shows it. `form` is there
    for a reader who can give a reason now; `made`: the signed time of that form."""

    poll: PollView
    discussion: DiscussionView
    own: OwnPart
    look: Look
    form: TextForm | None = None
    made: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is anything to say of it."""
        return self.discussion.status != "none" or self.discussion.number > 0


def shows_counts(poll: PollView) -> bool:
    """Whether figures about sides may be told: not before the result may."""
    return poll.results_policy == "always" or is_over(poll.status)


def talk_of(poll: PollView, voter: Voter | None, now: datetime) -> Talk:
    """The first reasons of each side for the page of results, and the part of this reader."""
    own = find_own_part(poll, voter, now=now)
    discussion = get_discussion(poll, now=now, per_side=ON_RESULTS)
    look = look_at(poll, own, now, level=4, brief=True, here="results")
    if own.why_not is not None:
        return Talk(poll, discussion, own, look)
    form = TextForm(formdata=None)
    return Talk(poll, discussion, own, look, form, made_for(subject_of(poll), now))


def talks_of(polls: Sequence[PollView], voter: Voter | None, now: datetime) -> list[Talk]:
    """The discussions of an article's questions, the first reason of each side."""
    found = []
    for poll in polls:
        own = find_own_part(poll, voter, now=now)
        discussion = get_discussion(poll, now=now, per_side=1)
        found.append(Talk(poll, discussion, own, look_at(poll, own, now, level=5, brief=True)))
    return [talk for talk in found if talk.shown]


def subject_of(poll: PollView) -> str:
    """What the form of a reason is made for."""
    return f"reason {poll.id}"


def is_discussed(poll: PollView, now: datetime) -> bool:
    """Whether its page of reasons has something to read or to do: it is open, or was."""
    version, status = stand_of(poll, now)
    return status == "open" or version > 0


def stand_of(poll: PollView, now: datetime) -> tuple[int, DiscussionStatus]:
    """What the tag of a page has to hold, beside the figures, of the discussion that it shows."""
    return discussion_version(poll.id), discussion_status(poll.discussion, now)
