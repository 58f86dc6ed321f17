"""Voting: what a reader does with one poll, and what this browser's answer to it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from poll_app.database import db
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import KeyHolder
from poll_app.domain.voting import Act, Cast, Peek, Withdraw
from poll_app.models import COUNTED, WITHDRAWN, Ballot, Choice
from poll_app.services.ballot_box import BallotBox
from poll_app.services.ballots import Receipt
from poll_app.services.discussion.following import follow_ballot
from poll_app.services.placements import exists
from poll_app.services.poll_views import PollView


@dataclass(frozen=True)
class OwnAnswer:
    """The reader's own ballot: the options it holds, in the poll's order; none once withdrawn."""

    option_ids: tuple[int, ...]
    labels: tuple[str, ...]
    withdrawn: bool


def cast_ballot(
    box: BallotBox,
    poll: PollView,
    voter: KeyHolder,
    option_ids: Sequence[int],
    *,
    shown: Mapping[int, int] | None = None,
    placement_id: int | None = None,
    now: datetime,
) -> Receipt:
    """Casts or changes the reader's ballot; durable on return. `shown` maps an option to the place
    (from 1) it was shown at; `placement_id`: where the reader came upon the question, nothing for a
    place that there isn't. Casting the same answer again changes nothing.

    Raises NotOpen, Refusal for an answer this poll does not take (as its rules are stored at this
    moment), Busy.
    """
    positions = tuple((shown or {}).get(option_id) for option_id in option_ids)
    key = voter.key_in(poll.voter_salt)
    if placement_id is not None and not exists(placement_id):
        placement_id = None  # made where another database was in use
    return _submit(box, Cast(poll.id, key, now, tuple(option_ids), positions, placement_id))


def withdraw_ballot(box: BallotBox, poll: PollView, voter: KeyHolder, *, now: datetime) -> Receipt:
    """Takes the reader's answer back. Raises NotOpen, NotFound where there is none, Busy."""
    return _submit(box, Withdraw(poll.id, voter.key_in(poll.voter_salt), now))


def peek(box: BallotBox, poll: PollView, voter: KeyHolder, *, now: datetime) -> Receipt:
    """Counts that this browser asked for the results without voting, once.

    Raises NotOpen, Busy, and Refusal where the poll shows results only later.
    """
    if poll.results_policy != "always":
        raise Refusal(sentence("The results of this question are not shown before one has voted."))
    return _submit(box, Peek(poll.id, voter.key_in(poll.voter_salt), now))


def find_own_answer(poll: PollView, voter: KeyHolder | None) -> OwnAnswer | None:
    """The ballot this browser holds in the poll; None when it never voted."""
    if voter is None:
        return None
    key = voter.key_in(poll.voter_salt)
    rows = db.session.execute(
        select(Ballot.state, Choice.option_id)
        .outerjoin(
            Choice, (Choice.poll_id == Ballot.poll_id) & (Choice.voter_key == Ballot.voter_key)
        )
        .where(
            Ballot.poll_id == poll.id,
            Ballot.voter_key == key,
            Ballot.state.in_((COUNTED, WITHDRAWN)),
        )
    ).all()
    if not rows:
        return None
    chosen = {row.option_id for row in rows}
    held = [option for option in poll.options if option.id in chosen]
    return OwnAnswer(
        option_ids=tuple(option.id for option in held),
        labels=tuple(option.label for option in held),
        withdrawn=rows[0].state == WITHDRAWN,
    )


def _submit(box: BallotBox, act: Act) -> Receipt:
    """Hands the act to the box. What was read so far is let go first: a request that waits must not
    keep a connection that the box may need, and what is read next must show what was written.

    Marks follow the ballot at once; if they can't, with the next one, or when it is sent once more.
    """
    if db.session.registry.has():
        db.session.rollback()
    receipt = box.submit(act)
    if receipt.done not in {"cast", "peeked"}:
        with suppress(OperationalError, NoConnection):  # the ballot is stored: no error may deny it
            follow_ballot(act.poll_id, act.voter_key)
    return receipt
