"""When a poll takes ballots: opened, scheduled, its end moved, closed, reopened. Each act is
recorded; those that readers can notice are public."""

from __future__ import annotations

from datetime import datetime

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.polls import status_at
from poll_app.domain.record import clean_reason
from poll_app.domain.refusals import Refusal
from poll_app.domain.schedule import check_new_end, check_opening, refuse_unless
from poll_app.domain.sentences import sentence
from poll_app.models import Poll
from poll_app.services.desk.polls import locked_poll
from poll_app.services.desk.question_hints import overruled
from poll_app.services.record import record


def set_times(
    slug: str,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    reason: str = "",
    revision: int,
    by: Person,
    now: datetime,
) -> None:
    """Gives a poll that has not opened its times; without `opens_at` it is a draft again. An
    opening at `now` opens it; a second click on that changes nothing.

    Raises NotFound, Outdated, and Refusal for times that can't be, without options, or where the
    question check has hints and no reason is given to go on.
    """
    with writing() as session:
        poll = locked_poll(session, slug)
        if opens_at == now and status_at(poll, now) == "open":
            return
        poll = locked_poll(session, slug, revision=revision)
        refuse_unless(poll, "draft", "scheduled", now=now)
        before = _times(poll)
        after: dict[str, object] = {}
        why = ""
        if opens_at is not None:
            check_opening(opens_at, closes_at, now=now)
            if not poll.options:
                raise Refusal(sentence("Give the question its options first."), field="opens")
            after, why = overruled(poll, reason)
        poll.opens_at, poll.closes_at = opens_at, closes_at if opens_at else None
        act = "poll.opened" if opens_at == now else "poll.scheduled"
        record(
            session, act, by=by, now=now, on=poll, before=before,
            after={**_times(poll), **after}, reason=why,
        )  # fmt: skip


def move_end(
    slug: str, *, closes_at: datetime | None, revision: int, by: Person, now: datetime
) -> None:
    """Moves the end of an open poll, or takes it away. Raises NotFound, Outdated, Refusal."""
    with writing() as session:
        poll = locked_poll(session, slug, revision=revision)
        refuse_unless(poll, "open", now=now)
        check_new_end(poll, closes_at, now=now)
        before = _times(poll)
        poll.closes_at = closes_at
        if before != _times(poll):
            record(
                session, "poll.closing_moved", by=by, now=now, on=poll, before=before,
                after=_times(poll),
            )  # fmt: skip


def close_now(slug: str, *, by: Person, now: datetime) -> None:
    """Closes an open poll; a second click changes nothing. Raises NotFound, Refusal for one that
    never opened."""
    with writing() as session:
        poll = locked_poll(session, slug)
        if status_at(poll, now) == "closed":
            return
        refuse_unless(poll, "open", now=now)
        before = _times(poll)
        poll.closes_at = now
        record(session, "poll.closed", by=by, now=now, on=poll, before=before, after=_times(poll))


def reopen(
    slug: str,
    *,
    closes_at: datetime | None,
    reason: str,
    revision: int,
    by: Person,
    now: datetime,
) -> None:
    """Lets readers vote again; why is told to them. Raises NotFound, Outdated, and Refusal without
    a reason, for a poll that is not closed, and for one whose outcome is known."""
    with writing() as session:
        poll = locked_poll(session, slug, revision=revision)
        refuse_unless(poll, "closed", now=now, has_outcome=poll.outcome is not None)
        check_new_end(poll, closes_at, now=now)
        why = clean_reason(reason)
        before = _times(poll)
        poll.closes_at = closes_at
        record(
            session, "poll.reopened", by=by, now=now, on=poll, before=before,
            after=_times(poll), reason=why,
        )  # fmt: skip


def _times(poll: Poll) -> dict[str, object]:
    return {
        "opens_at": poll.opens_at.isoformat() if poll.opens_at else None,
        "closes_at": poll.closes_at.isoformat() if poll.closes_at else None,
    }
