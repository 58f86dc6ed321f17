"""A real conversation, vote by vote: 204 readers, 50 statements, everything they changed.

The data was gathered using the Polis software and is licensed under CC BY 4.0 with attribution to
The Computational Democracy Project; see compdemocracy.org/case-studies/2017-brexit-consensus.
"""

import csv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from poll_app.database import db
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast
from poll_app.models import Choice, PastAnswer
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.results import get_result

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "brexit-consensus"
LANES = 24
LABELS = {"1": "Agree", "-1": "Disagree", "0": "Pass"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected_tallies():
    """How many readers ended at each answer, statement by statement, and which reader at which."""
    participants = rows("participants-votes.csv")
    statements = [name for name in participants[0] if name.isdigit()]
    return {
        statement: {
            row["participant"]: LABELS[row[statement]] for row in participants if row[statement]
        }
        for statement in statements
    }


def test_every_statement_ends_with_the_answers_that_its_readers_ended_with(services):
    box = services.extensions["ballot_box"]
    votes = sorted(rows("votes.csv"), key=lambda row: int(row["timestamp"]))
    opened, ended = (
        datetime.fromtimestamp(int(votes[n]["timestamp"]) / 1000, UTC) for n in (0, -1)
    )
    expected = expected_tallies()
    polls = {}
    for statement in expected:
        new = NewPoll(f"Statement {statement}?", options=("Agree", "Disagree"), not_sure="Pass")
        polls[statement] = get_poll(add_poll(new, opens_at=opened, now=opened), now=opened)
    option_ids = {
        (statement, option.label): option.id
        for statement, poll in polls.items()
        for option in poll.options
    }

    def key_of(reader, statement):
        return Voter(reader, "a secret").key_in(polls[statement].voter_salt)

    def replay(lane):
        """Each reader in the order of time; readers side by side, as on the day."""
        done = Counter()
        for row in votes:
            if int(row["voter-id"]) % LANES == lane:
                statement = row["comment-id"]
                key, label = key_of(row["voter-id"], statement), LABELS[row["vote"]]
                at = datetime.fromtimestamp(int(row["timestamp"]) / 1000, UTC)
                chosen = (option_ids[statement, label],)
                done[box.submit(Cast(polls[statement].id, key, at, chosen, (None,))).done] += 1
        return done

    with ThreadPoolExecutor(LANES) as lanes:
        done = sum(lanes.map(replay, range(LANES)), Counter())

    db.session.rollback()
    assert len(votes) == sum(done.values()) == 5312
    held = {
        (poll_id, bytes(key)): option_id
        for poll_id, key, option_id in db.session.execute(
            select(Choice.poll_id, Choice.voter_key, Choice.option_id)
        )
    }
    for statement, answers in expected.items():
        result = get_result(polls[statement], now=ended, percent_from=1)
        tally = {option.label: option.votes for option in result.options}
        assert tally == {label: list(answers.values()).count(label) for label in LABELS.values()}
        assert result.ballots == len(answers)
        for reader, label in answers.items():
            assert (
                held.pop((polls[statement].id, key_of(reader, statement)))
                == option_ids[statement, label]
            )
    assert held == {}
    assert done["cast"] == sum(map(len, expected.values()))
    assert done["changed"] == db.session.scalar(select(func.count()).select_from(PastAnswer))
    assert recount() == []
