"""The reader's own part in a discussion: own texts in whatever state, marks, what is possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.discussion.codes import State, explained, parse_state
from poll_app.domain.discussion.rules import editable_until, may_edit
from poll_app.domain.discussion.times import why_not_open
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import Sentence, sentence
from poll_app.domain.voters import KeyHolder
from poll_app.models import FairPoint, MindChanged, Poll, Reason, Report
from poll_app.services.discussion.marks import has_changed
from poll_app.services.discussion.reason_views import Position, position_ids, position_of
from poll_app.services.discussion.stored import find_standpoint, key_of, no_such_reason
from poll_app.services.poll_views import PollView, view_of


@dataclass(frozen=True)
class OwnReason:
    """A text as its writer sees it. `told`: why it waits, was rejected or removed; `editable_until`
    is None once it can't be changed."""

    id: int
    parent_id: int | None
    state: State
    codes: tuple[str, ...]
    told: tuple[Sentence, ...]
    name: str
    text: str
    hour: datetime
    edited_hour: datetime | None
    editable_until: datetime | None
    position: Position


@dataclass(frozen=True)
class OwnPart:
    """What one reader has done in a discussion and may do. `why_not`: what is told who can't give
    a reason now, None where it is possible; `may_reply`: as well as mark; `changed_by`: the reason
    named for a change of mind; `may_name`: the answer has changed, so that one can be named."""

    reason: OwnReason | None
    replies: tuple[OwnReason, ...]
    marked: frozenset[int]
    reported: frozenset[int]
    changed_by: int | None
    may_name: bool
    may_reply: bool
    why_not: Sentence | None

    @property
    def own_ids(self) -> frozenset[int]:
        """The texts of this reader: those can't be marked or reported."""
        return frozenset(one.id for one in (self.reason, *self.replies) if one)


NOTHING = OwnPart(
    None, (), frozenset(), frozenset(), None, may_name=False, may_reply=False,
    why_not=sentence("Answer the question first: a reason stands beside an answer."),
)  # fmt: skip


def find_own_part(poll: PollView, voter: KeyHolder | None, *, now: datetime) -> OwnPart:
    """The part of this reader; of a browser without a cookie, nothing."""
    if voter is None:
        return NOTHING
    session = db.session()
    stored = session.get_one(Poll, poll.id)
    key = key_of(stored, voter)
    standpoint = find_standpoint(session, stored, voter)
    own = [
        _own_reason(poll, reason, now)
        for reason in session.scalars(
            select(Reason)
            .where(Reason.poll_id == poll.id, Reason.voter_key == key, Reason.state != "deleted")
            .order_by(Reason.id)
            .execution_options(populate_existing=True)
        )
    ]
    mine = {"poll_id": poll.id, "voter_key": key}
    reported = (
        select(Report.reason_id)
        .join(Reason, Reason.id == Report.reason_id)
        .where(Reason.poll_id == poll.id, Report.voter_key == key)
    )
    reason = next((one for one in own if one.parent_id is None), None)
    shut = why_not_open(poll.discussion, now) or (None if standpoint else NOTHING.why_not)
    return OwnPart(
        reason=reason,
        replies=tuple(one for one in own if one.parent_id is not None),
        marked=frozenset(session.scalars(select(FairPoint.reason_id).filter_by(**mine))),
        reported=frozenset(session.scalars(reported)),
        changed_by=session.scalar(select(MindChanged.reason_id).filter_by(**mine)),
        may_name=standpoint is not None and has_changed(session, poll.id, standpoint),
        may_reply=shut is None,
        why_not=shut or (_GIVEN if reason else None),
    )


def get_own_reason(
    reason_id: int, voter: KeyHolder | None, *, now: datetime
) -> tuple[PollView, OwnReason]:
    """One own text, to edit or delete it, with its question. Raises NotFound for anybody else's."""
    reason = db.session.get(Reason, reason_id, populate_existing=True)
    if reason is None or reason.state == "deleted" or voter is None:
        raise no_such_reason()
    poll = db.session.get_one(Poll, reason.poll_id)
    try:
        key = key_of(poll, voter)
    except NotFound:
        raise no_such_reason() from None
    if reason.voter_key != key:
        raise no_such_reason()
    view = view_of(poll, now)
    return view, _own_reason(view, reason, now)


def _own_reason(poll: PollView, reason: Reason, now: datetime) -> OwnReason:
    codes = tuple(reason.codes.split())
    return OwnReason(
        id=reason.id,
        parent_id=reason.parent_id,
        state=parse_state(reason.state),
        codes=codes,
        told=explained(reason.state, codes),
        name=reason.name,
        text=reason.text,
        hour=reason.hour,
        edited_hour=reason.edited_hour,
        editable_until=(
            editable_until(reason.hour) if may_edit(reason.state, reason.hour, now) else None
        ),
        position=position_of(poll, position_ids(reason.position)),
    )


_GIVEN = sentence("You have given a reason already. You can change or delete it.")
