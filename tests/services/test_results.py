"""Results from the tallies, and their proof from the ballots, on every database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from poll_app.database import writing
from poll_app.domain.voters import Voter
from poll_app.services.poll_views import get_poll, get_poll_and_version
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import Difference, recount
from poll_app.services.results import get_result
from poll_app.services.voting import cast_ballot, peek, withdraw_ballot

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


def make_poll(name="Or?", **details):
    new = NewPoll(name, options=("Yes", "No"), not_sure="Not sure", **details)
    return get_poll(add_poll(new, opens_at=NOW, closes_at=NOW + HOUR, now=NOW), now=NOW)


def vote(box, poll, *places):
    for number, place in enumerate(places):
        cast_ballot(
            box, poll, Voter(f"reader {number}", "secret"), [poll.options[place].id], now=NOW
        )


def versions_of(polls):
    return tuple(get_poll_and_version(poll.slug, now=NOW)[1] for poll in polls)


def falsify(statement):
    with writing() as session:
        session.execute(text(statement))


def test_a_result_counts_every_option_also_those_that_nobody_chose(box):
    poll = make_poll()
    vote(box, poll, 0, 0, 2)
    peek(box, poll, Voter("a viewer", "secret"), now=NOW)

    result = get_result(poll, now=NOW, percent_from=1)

    assert [(option.label, option.votes) for option in result.options] == [
        ("Yes", 2),
        ("No", 0),
        ("Not sure", 1),
    ]
    assert (result.ballots, result.peeks, result.as_of) == (3, 1, NOW)


@pytest.mark.parametrize(
    ("policy", "has_voted", "later", "visible"),
    [
        ("always", False, False, True),
        ("after_vote", False, False, False),
        ("after_vote", True, False, True),
        ("after_vote", False, True, True),
        ("after_close", False, False, False),
        ("after_close", True, False, False),
        ("after_close", False, True, True),
    ],
)
def test_figures_are_hidden_until_the_poll_says_otherwise(box, policy, has_voted, later, visible):
    poll = make_poll(results_policy=policy)
    vote(box, poll, 0, 1, 0)
    now = NOW + HOUR if later else NOW

    result = get_result(get_poll(poll.slug, now=now), now=now, percent_from=1, has_voted=has_voted)

    assert result.visible is visible
    assert result.ballots == 3
    assert [option.votes for option in result.options] == ([2, 1, 0] if visible else [None] * 3)
    if not visible:
        assert not any(figure in str(result.sentence) for figure in "123%")
        assert {(o.percent, o.percent_label, o.bar) for o in result.options} == {(None, None, None)}


def test_a_version_grows_with_every_change_of_a_figure_and_only_then(box):
    poll, other = make_poll(), make_poll("And?")
    reader = Voter("reader 0", "secret")
    seen = [versions_of([poll, other])]

    for act in (
        lambda: vote(box, poll, 0),
        lambda: vote(box, poll, 1),
        lambda: withdraw_ballot(box, poll, reader, now=NOW),
        lambda: peek(box, poll, reader, now=NOW),
    ):
        act()
        seen.append(versions_of([poll, other]))
    peek(box, poll, reader, now=NOW)

    own = [version for version, _ in seen]
    assert own == sorted(set(own))
    assert {version for _, version in seen} == {0}
    assert versions_of([poll, other]) == seen[-1]


def test_tallies_that_equal_their_ballots_leave_nothing_to_say(box):
    poll = make_poll()
    vote(box, poll, 0, 1, 2)
    vote(box, poll, 1)
    withdraw_ballot(box, poll, Voter("reader 1", "secret"), now=NOW)

    assert recount() == []
    assert recount(repair=True) == []


@pytest.mark.parametrize(
    ("statement", "what", "tallied", "counted"),
    [
        ("UPDATE tallies SET votes = 7 WHERE votes = 2", "option", 7, 2),
        ("UPDATE turnouts SET ballots = 9", "ballots", 9, 3),
        ("UPDATE turnouts SET peeks = 4", "peeks", 4, 0),
        ("DELETE FROM choices", "option", 2, 0),
        ("UPDATE hourly_turnouts SET ballots = 5", "ballots in 2026-11-22T12Z", 5, 3),
        ("UPDATE hourly_tallies SET votes = 5 WHERE votes = 2", "option in 2026-11-22T12Z", 5, 2),
        ("DELETE FROM hourly_tallies", "option in 2026-11-22T12Z", 0, 2),
    ],
)
def test_a_false_figure_is_found_told_and_repaired(box, statement, what, tallied, counted):
    poll = make_poll()
    vote(box, poll, 0, 0, 1)
    before = versions_of([poll])
    falsify(statement)

    found = recount()
    assert recount() == found  # looking changes nothing
    assert recount(repair=True) == found

    what = what.replace("option", f"option {poll.options[0].id}")
    assert Difference(poll.slug, what, tallied, counted) in found
    assert recount() == []
    assert versions_of([poll]) > before  # a page that was kept shows it too


def test_every_wrong_poll_is_told(box):
    polls = [make_poll(f"{name}?") for name in ("one", "two")]
    for poll in polls:
        vote(box, poll, 0)
    falsify("UPDATE tallies SET votes = votes + 1")

    assert {found.poll_slug for found in recount()} == {"one", "two"}
    assert len(recount()) == 6
