"""Many ballots, quickly: through the ballot box, without HTTP, or as copies of those that are there."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import insert, select

from poll_app.database import writing
from poll_app.domain.voters import Voter, new_token
from poll_app.domain.voting import Cast
from poll_app.models import Ballot, Choice
from poll_app.services.ballot_box import MAX_BATCH
from poll_app.services.poll_views import get_poll
from poll_app.services.recount import recount
from tests.benchmarks.site import POLL, SECRET


def fill(site, count):
    """Casts that many ballots in the measured poll, each a fresh reader's."""
    now = datetime.now(UTC)
    with site.app.app_context():
        poll = get_poll(POLL, now=now)
        box = site.app.extensions["ballot_box"]

        def ballot(number):
            option = poll.options[number % len(poll.options)]
            key = Voter(new_token(), SECRET).key_in(poll.voter_salt)
            return Cast(poll.id, key, now, (option.id,), (None,))

        for start in range(0, count, MAX_BATCH):
            box.submit_all([ballot(n) for n in range(start, min(start + MAX_BATCH, count))])
    site.close()


def multiply(site, times):
    """Makes that many of every ballot, each under a key of its own, and sets the tallies to their
    count: a million in a minute, where the ballot box takes minutes."""
    with site.app.app_context():
        with writing() as session:
            ballots, choices = (
                [dict(row._mapping) for row in session.execute(select(model.__table__))]
                for model in (Ballot, Choice)
            )
            for _ in range(times - 1):
                keys = {
                    ballot["voter_key"]: secrets.token_bytes(len(ballot["voter_key"]))
                    for ballot in ballots
                }
                for model, rows in ((Ballot, ballots), (Choice, choices)):
                    copies = [{**row, "voter_key": keys[row["voter_key"]]} for row in rows]
                    session.execute(insert(model.__table__), copies)
        recount(repair=True)
        if recount():
            raise RuntimeError("the tallies are not what the ballots say")
    site.close()
