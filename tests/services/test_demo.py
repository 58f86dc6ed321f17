"""Made-up ballots: as many as asked for, through the ballot box, and marked."""

from datetime import UTC, datetime

import pytest

from poll_app.database import db
from poll_app.domain.refusals import Refusal
from poll_app.services.demo import simulate
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.results import get_result

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


def add(question, **details):
    options = details.pop("options", ("A", "B", "C"))
    new = NewPoll(question, options=options, not_sure="Not sure", **details)
    return add_poll(new, opens_at=NOW, now=NOW)


def test_the_ballots_spread_over_the_open_polls_and_every_poll_says_so(box):
    slugs = [
        add("One?"),
        add("Several?", method="multiple"),
        add("Two of two?", options=("A", "B"), method="multiple", min_choices=2),
    ]

    *_, done = simulate(box, 900, secret="secret", now=NOW, seed=1)

    db.session.rollback()
    polls = [get_poll(slug, now=NOW) for slug in slugs]
    results = [get_result(poll, now=NOW, percent_from=1) for poll in polls]
    assert (done, [result.ballots for result in results]) == (900, [300, 300, 300])
    assert all(poll.simulated for poll in polls)
    assert all(str(result.note).startswith("Simulated.") for result in results)
    assert recount() == []


def test_without_an_open_poll_nothing_is_made_up(box):
    add_poll(NewPoll("Draft?", options=("A", "B")), opens_at=None, now=NOW)

    with pytest.raises(Refusal, match="no open question"):
        next(simulate(box, 5, secret="secret", now=NOW))


def test_an_empty_list_of_acts_leaves_the_box_open(box):
    slug = add("One?")

    assert box.submit_all([]) == []
    *_, done = simulate(box, 3, secret="secret", now=NOW)

    assert (slug, done) == ("one", 3)
