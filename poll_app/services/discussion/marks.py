"""What readers do with the reasons of others: find them fair, name the one that changed their mind.

Each is asked for as what shall be, so that a form sent twice does no more than once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from poll_app.database import insert_into, writing
from poll_app.domain.discussion.rules import whole_hour
from poll_app.domain.discussion.times import refuse_unless_discussed
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import KeyHolder
from poll_app.models import FairCount, FairPoint, Marker, MindChanged, PastAnswer, Poll, Reason
from poll_app.services.discussion.following import move_marks
from poll_app.services.discussion.opening import discussion_rules_of
from poll_app.services.discussion.stored import (
    Standpoint,
    key_of,
    locked_reason,
    no_such_reason,
    raise_version,
    standpoint_of,
)


@dataclass(frozen=True)
class Marked:
    """Whether the reader's mark stands now, and on which question's reason."""

    poll_slug: str
    stands: bool


def mark_fair(reason_id: int, voter: KeyHolder, *, now: datetime) -> Marked:
    """The reader finds the reason fair, once. All marks of a reader count for one side, that of the
    answer held now.

    Raises NotFound, NotOpen, and Refusal without a counted ballot and for the reader's own.
    """
    with writing() as session:
        reason, poll, standpoint = _others_reason(session, reason_id, voter, now=now)
        key, side_id, hour = standpoint.key, standpoint.side_id, whole_hour(now)
        point = session.get(FairPoint, (reason.id, key))
        marker = session.get(Marker, (poll.id, key))
        if point and marker and (marker.side_id, marker.hour) == (side_id, hour):
            return Marked(poll.slug, stands=True)
        if marker and marker.side_id != side_id:  # the program ended before they could follow
            move_marks(session, poll.id, key, side_id)
        if point is None:
            session.add(
                FairPoint(reason_id=reason.id, voter_key=key, poll_id=poll.id, side_id=side_id)
            )
            _count(session, reason.id, side_id, +1)
        session.merge(Marker(poll_id=poll.id, voter_key=key, side_id=side_id, hour=hour))
        raise_version(session, poll.id)
        return Marked(poll.slug, stands=True)


def unmark_fair(reason_id: int, voter: KeyHolder, *, now: datetime) -> Marked:
    """Takes that mark back, where there is one. Raises NotFound, NotOpen."""
    with writing() as session:
        reason, poll = locked_reason(session, reason_id)
        refuse_unless_discussed(discussion_rules_of(poll), now)
        key = key_of(poll, voter)
        point = session.get(FairPoint, (reason.id, key))
        if point is not None:
            session.delete(point)
            session.flush()
            _count(session, reason.id, point.side_id, -1)
            mine = {"poll_id": poll.id, "voter_key": key}
            if session.scalar(select(FairPoint.reason_id).filter_by(**mine).limit(1)) is None:
                session.execute(delete(Marker).filter_by(**mine))
            raise_version(session, poll.id)
        return Marked(poll.slug, stands=False)


def turn_mark(reason_id: int, voter: KeyHolder, *, now: datetime) -> Marked:
    """The one or the other, for a form that doesn't say which. Raises as they do."""
    with writing() as session:
        reason, poll = locked_reason(session, reason_id)
        stands = session.get(FairPoint, (reason.id, key_of(poll, voter))) is not None
    turn = unmark_fair if stands else mark_fair
    return turn(reason_id, voter, now=now)


def name_reason(reason_id: int, voter: KeyHolder, *, now: datetime) -> Marked:
    """The reader, whose answer has changed, says that this reason did it; one per question.

    Raises NotFound, NotOpen, and Refusal for a reader who did not change the answer.
    """
    with writing() as session:
        reason, poll, standpoint = _others_reason(session, reason_id, voter, now=now)
        if not has_changed(session, poll.id, standpoint):
            raise Refusal(sentence("You have not changed your answer to this question."))
        named = session.get(MindChanged, (poll.id, standpoint.key))
        if named is None or named.reason_id != reason.id:
            session.merge(
                MindChanged(poll_id=poll.id, voter_key=standpoint.key, reason_id=reason.id)
            )
            raise_version(session, poll.id)
        return Marked(poll.slug, stands=True)


def unname_reason(reason_id: int, voter: KeyHolder) -> Marked:
    """Takes that back. Raises NotFound."""
    with writing() as session:
        reason, poll = locked_reason(session, reason_id)
        named = session.get(MindChanged, (poll.id, key_of(poll, voter)))
        if named is not None and named.reason_id == reason.id:
            session.delete(named)
            raise_version(session, poll.id)
        return Marked(poll.slug, stands=False)


def has_changed(session: Session, poll_id: int, standpoint: Standpoint) -> bool:
    """Whether the reader once held another answer than now."""
    now_held = set(standpoint.option_ids)
    earlier = session.scalars(
        select(PastAnswer.option_ids).where(
            PastAnswer.poll_id == poll_id, PastAnswer.voter_key == standpoint.key
        )
    )
    return any(ids and set(map(int, ids.split())) != now_held for ids in earlier)


def _others_reason(
    session: Session, reason_id: int, voter: KeyHolder, *, now: datetime
) -> tuple[Reason, Poll, Standpoint]:
    """A published reason of somebody else, and where this reader stands."""
    reason, poll = locked_reason(session, reason_id)
    if reason.state != "published" or reason.parent_id is not None:
        raise no_such_reason()
    refuse_unless_discussed(discussion_rules_of(poll), now)
    standpoint = standpoint_of(session, poll, voter)
    if reason.voter_key == standpoint.key:
        raise Refusal(sentence("This is your own reason."))
    return reason, poll, standpoint


def _count(session: Session, reason_id: int, side_id: int, delta: int) -> None:
    """Moves the number of readers of a side who find the reason fair."""
    if delta < 0:
        session.execute(
            update(FairCount)
            .where(FairCount.reason_id == reason_id, FairCount.side_id == side_id)
            .values(readers=FairCount.readers + delta)
        )
        return
    statement = insert_into(FairCount, session.get_bind().dialect).values(
        reason_id=reason_id, side_id=side_id, readers=delta
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["reason_id", "side_id"], set_={"readers": FairCount.readers + delta}
        )
    )
