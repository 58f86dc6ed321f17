"""Return codes: given out once, and the way back with one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.discussion.return_codes import ReturnedReader, hash_code, new_code
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import KeyHolder
from poll_app.models import Poll, Reason, ReturnCode
from poll_app.services.discussion.stored import key_of, locked_discussion, salt_of
from poll_app.services.poll_views import PollView


@dataclass(frozen=True)
class Returned:
    """Whom a code proves: `reader` stands in for the cookie in the question at `poll_slug`."""

    reader: ReturnedReader
    poll_id: int
    poll_slug: str


def get_returned(code: str) -> Returned:
    """The reader this code was given to. Raises Refusal for what is no code, NotFound for one that
    was never given or was replaced."""
    row = db.session.execute(
        select(ReturnCode.voter_key, Poll)
        .join(Poll, Poll.id == ReturnCode.poll_id)
        .where(ReturnCode.code_hash == hash_code(code))
    ).one_or_none()
    if row is None:
        raise NotFound(sentence("This code is not known."))
    poll = row.Poll
    return Returned(ReturnedReader(salt_of(poll), row.voter_key), poll.id, poll.slug)


def renew_code(poll: PollView, voter: KeyHolder) -> str:
    """A new code in place of the one the reader has lost. Raises Refusal for somebody who has
    written nothing here."""
    with writing() as session:
        stored = locked_discussion(session, poll.id)
        key = key_of(stored, voter)
        wrote = select(Reason.id).where(Reason.poll_id == poll.id, Reason.voter_key == key)
        if session.scalar(wrote.limit(1)) is None:
            raise Refusal(sentence("A return code comes with the first text you write."))
        session.execute(
            delete(ReturnCode).where(ReturnCode.poll_id == poll.id, ReturnCode.voter_key == key)
        )
        return put_code(session, poll.id, key)


def first_code(session: Session, poll_id: int, key: bytes) -> str | None:
    """A code where the reader has none yet."""
    held = select(ReturnCode.code_hash).where(
        ReturnCode.poll_id == poll_id, ReturnCode.voter_key == key
    )
    return put_code(session, poll_id, key) if session.scalar(held) is None else None


def put_code(session: Session, poll_id: int, key: bytes) -> str:
    """Stores the hash of a fresh code and returns the code."""
    code = new_code()
    session.add(ReturnCode(code_hash=hash_code(code), poll_id=poll_id, voter_key=key))
    session.flush()
    return code
