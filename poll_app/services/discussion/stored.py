"""What every write of a discussion begins with: its lock, its poll, the reader's key and position.

A write locks the row of its discussion first, so writers of one discussion queue on both databases;
whoever writes in several takes them in the order of their numbers. Who then changes what pages show
raises the version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from poll_app.database import insert_into
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import KeyHolder
from poll_app.models import COUNTED, Ballot, Choice, Discussion, Poll, Reason


@dataclass(frozen=True)
class Standpoint:
    """A reader in a question: the key, and the options the counted ballot holds in their order."""

    key: bytes
    option_ids: tuple[int, ...]

    @property
    def side_id(self) -> int:
        """The option the reader is grouped by."""
        return self.option_ids[0]


def locked_discussion(session: Session, poll_id: int) -> Poll:
    """The poll, its discussion locked until this transaction ends. Raises NotFound for a draft."""
    known = select(Poll.id).where(Poll.id == poll_id, Poll.opens_at.is_not(None))
    if session.scalar(known) is None:
        raise NotFound(sentence("There is no such question."))
    first = insert_into(Discussion, session.get_bind().dialect).values(poll_id=poll_id, version=0)
    session.execute(first.on_conflict_do_nothing())
    session.execute(
        select(Discussion.version).where(Discussion.poll_id == poll_id).with_for_update()
    )
    return session.scalars(
        select(Poll)
        .where(Poll.id == poll_id)
        .options(selectinload(Poll.options), joinedload(Poll.article))
        .execution_options(populate_existing=True)
    ).one()


def raise_version(session: Session, poll_id: int) -> None:
    """What was worked out for the discussion so far is old."""
    session.execute(
        update(Discussion)
        .where(Discussion.poll_id == poll_id)
        .values(version=Discussion.version + 1)
        .execution_options(synchronize_session=False)
    )


def locked_reason(session: Session, reason_id: int) -> tuple[Reason, Poll]:
    """The reason with its poll, its discussion locked. Raises NotFound."""
    poll_id = session.scalar(select(Reason.poll_id).where(Reason.id == reason_id))
    if poll_id is None:
        raise no_such_reason()
    poll = locked_discussion(session, poll_id)
    return session.get_one(Reason, reason_id, populate_existing=True), poll


def no_such_reason() -> NotFound:
    """There is none, or none that this person may know of."""
    return NotFound(sentence("There is no such text."))


def key_of(poll: Poll, voter: KeyHolder) -> bytes:
    """The key the reader's ballot is filed under."""
    return voter.key_in(salt_of(poll))


def salt_of(poll: Poll) -> bytes:
    """What voter keys of this poll are made with."""
    return poll.shared_salt or poll.voter_salt


def standpoint_of(session: Session, poll: Poll, voter: KeyHolder) -> Standpoint:
    """Where the reader stands until this transaction ends: a change of the ballot waits for it, and
    finds what was written here when marks follow. Raises Refusal without a counted ballot."""
    session.execute(
        select(Ballot.state)
        .where(Ballot.poll_id == poll.id, Ballot.voter_key == key_of(poll, voter))
        .with_for_update(read=True)
    )
    found = find_standpoint(session, poll, voter)
    if found is None:
        raise Refusal(sentence("Answer the question first: a reason stands beside an answer."))
    return found


def find_standpoint(session: Session, poll: Poll, voter: KeyHolder) -> Standpoint | None:
    """The same, None without a counted ballot."""
    key = key_of(poll, voter)
    held = positions_of(session, poll.id, [option.id for option in poll.options], [key])
    return Standpoint(key, held[key]) if key in held else None


def positions_of(
    session: Session, poll_id: int, in_order: Iterable[int], keys: Iterable[bytes]
) -> Mapping[bytes, tuple[int, ...]]:
    """The options that the counted ballots of these readers hold, in the poll's order."""
    chosen: dict[bytes, set[int]] = {}
    for key, option_id in session.execute(
        select(Choice.voter_key, Choice.option_id)
        .join(Ballot, (Ballot.poll_id == Choice.poll_id) & (Ballot.voter_key == Choice.voter_key))
        .where(Choice.poll_id == poll_id, Choice.voter_key.in_(set(keys)), Ballot.state == COUNTED)
    ):
        chosen.setdefault(key, set()).add(option_id)
    order = tuple(in_order)
    return {key: tuple(id_ for id_ in order if id_ in held) for key, held in chosen.items()}
