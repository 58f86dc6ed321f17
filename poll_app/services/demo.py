"""Made-up ballots, to see the pages full: they go through the ballot box like any other, and every
page of a poll that holds them says so."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import update

from poll_app.database import writing
from poll_app.domain.polls import status_at
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import Voter, new_token
from poll_app.domain.voting import Cast
from poll_app.models import Poll
from poll_app.services.ballot_box import MAX_BATCH, BallotBox
from poll_app.services.poll_views import PollView, list_polls


def simulate(
    box: BallotBox, count: int, *, secret: str, now: datetime, seed: int | None = None
) -> Iterator[int]:
    """Casts `count` ballots spread evenly over the open polls; yields how many are in, by and by.

    Raises Refusal when no poll is open. The same seed makes the same answers.
    """
    polls = [poll for poll in list_polls(now=now) if status_at(poll, now) == "open"]
    if not polls:
        raise Refusal(sentence("There is no open question."))
    with writing() as session:
        session.execute(
            update(Poll)
            .where(Poll.id.in_([poll.id for poll in polls]))
            .values(simulated=True, revision=Poll.revision + 1)
        )
    randomness = random.Random(seed)  # noqa: S311 - nothing secret hangs on made-up answers
    leanings = {poll.id: [randomness.random() + 0.1 for _ in poll.options] for poll in polls}
    for start in range(0, count, MAX_BATCH):
        size = min(MAX_BATCH, count - start)
        box.submit_all(
            [
                _answer(poll, leanings[poll.id], secret, now, randomness)
                for poll in (polls[(start + i) % len(polls)] for i in range(size))
            ]
        )
        yield start + size


def _answer(
    poll: PollView, leaning: list[float], secret: str, now: datetime, randomness: random.Random
) -> Cast:
    """One made-up answer; in choose-several sometimes two options."""
    (chosen,) = randomness.choices(poll.options, leaning)
    ids = [chosen.id]
    named = [option.id for option in poll.options if not option.not_sure and option.id != chosen.id]
    if not chosen.not_sure and named and poll.max_choices > 1:
        least = max(poll.min_choices, randomness.choice((1, 2)))
        ids += randomness.sample(named, min(least, poll.max_choices) - 1)
    key = Voter(new_token(), secret).key_in(poll.voter_salt)
    return Cast(poll.id, key, now, tuple(ids), (None,) * len(ids))
