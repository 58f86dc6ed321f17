"""Casting, changing, withdrawing: on every database, against a plain model."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.refusals import NotFound, NotOpen, Refusal
from poll_app.domain.voters import Voter
from poll_app.models import PastAnswer
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.results import get_result
from poll_app.services.voting import cast_ballot, find_own_answer, peek, withdraw_ballot

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
READER = Voter("one reader", "a secret")
OTHER = Voter("another reader", "a secret")


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


@pytest.fixture
def poll(services):
    slug = add_poll(
        NewPoll("Yes or no?", options=("Yes", "No"), not_sure="Not sure"), opens_at=NOW, now=NOW
    )
    return get_poll(slug, now=NOW)


@pytest.fixture
def several(services):
    new = NewPoll(
        "Which?",
        options=("A", "B", "C", "D"),
        not_sure="Not sure",
        method="multiple",
        max_choices=2,
    )
    return get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)


def votes_of(poll):
    db.session.rollback()
    result = get_result(poll, now=NOW, percent_from=1)
    return {option.label: option.votes for option in result.options}, result.ballots


def id_of(poll, label):
    return next(option.id for option in poll.options if option.label == label)


def test_a_ballot_counts_once_however_often_it_is_sent(box, poll):
    for _ in range(3):
        receipt = cast_ballot(box, poll, READER, [id_of(poll, "Yes")], now=NOW)

    assert receipt.done == "unchanged"
    assert votes_of(poll) == ({"Yes": 1, "No": 0, "Not sure": 0}, 1)


def test_the_newest_answer_counts_and_the_earlier_one_is_kept(box, poll):
    cast_ballot(box, poll, READER, [id_of(poll, "Yes")], now=NOW)

    receipt = cast_ballot(box, poll, READER, [id_of(poll, "No")], now=NOW + timedelta(hours=1))

    assert receipt.done == "changed"
    assert votes_of(poll) == ({"Yes": 0, "No": 1, "Not sure": 0}, 1)
    past = db.session.scalars(select(PastAnswer)).one()
    assert past.option_ids == str(id_of(poll, "Yes"))
    assert past.hour == NOW.replace(minute=0)


def test_a_withdrawn_answer_no_longer_counts_and_can_be_given_again(box, poll):
    cast_ballot(box, poll, READER, [id_of(poll, "Yes")], now=NOW)

    withdraw_ballot(box, poll, READER, now=NOW)

    assert votes_of(poll) == ({"Yes": 0, "No": 0, "Not sure": 0}, 0)
    assert find_own_answer(poll, READER).withdrawn
    assert cast_ballot(box, poll, READER, [id_of(poll, "No")], now=NOW).done == "cast"
    assert votes_of(poll) == ({"Yes": 0, "No": 1, "Not sure": 0}, 1)


def test_who_has_not_voted_or_shows_no_cookie_holds_no_answer(box, poll):
    cast_ballot(box, poll, OTHER, [id_of(poll, "Yes")], now=NOW)

    assert find_own_answer(poll, READER) is None
    assert find_own_answer(poll, None) is None


def test_who_has_not_voted_can_not_withdraw(box, poll):
    with pytest.raises(NotFound):
        withdraw_ballot(box, poll, READER, now=NOW)


def test_each_choice_of_a_ballot_counts_for_its_option_and_the_ballot_once(box, several):
    cast_ballot(box, several, READER, [id_of(several, "A"), id_of(several, "C")], now=NOW)
    cast_ballot(box, several, OTHER, [id_of(several, "C")], now=NOW)

    votes, ballots = votes_of(several)

    assert (votes["A"], votes["B"], votes["C"], ballots) == (1, 0, 2, 2)


@pytest.mark.parametrize("labels", [[], ["A", "B", "C"], ["A", "A"], ["A", "Not sure"]])
def test_an_answer_the_poll_does_not_take_is_refused_and_changes_nothing(box, several, labels):
    with pytest.raises(Refusal):
        cast_ballot(box, several, READER, [id_of(several, label) for label in labels], now=NOW)

    assert votes_of(several)[1] == 0


def test_an_option_of_another_poll_is_refused(box, poll, several):
    with pytest.raises(Refusal):
        cast_ballot(box, poll, READER, [id_of(several, "A")], now=NOW)

    assert votes_of(poll)[1] == votes_of(several)[1] == 0


def test_nothing_is_taken_before_the_opening_or_from_the_closing_on(box, services):
    new = NewPoll("When?", options=("Now", "Later"))
    slug = add_poll(new, opens_at=NOW, closes_at=NOW + timedelta(hours=1), now=NOW)
    poll = get_poll(slug, now=NOW)
    chosen = [poll.options[0].id]

    for moment in (NOW - timedelta(seconds=1), NOW + timedelta(hours=1)):
        with pytest.raises(NotOpen):
            cast_ballot(box, poll, READER, chosen, now=moment)

    assert cast_ballot(box, poll, READER, chosen, now=NOW).done == "cast"


def test_the_ballot_remembers_whether_the_browser_peeked_before(box, poll):
    peek(box, poll, READER, now=NOW)
    peek(box, poll, READER, now=NOW)
    cast_ballot(box, poll, READER, [id_of(poll, "Yes")], now=NOW)
    cast_ballot(box, poll, OTHER, [id_of(poll, "Yes")], now=NOW)
    peek(box, poll, OTHER, now=NOW)

    peeked = db.session.execute(db.text("SELECT peeked FROM ballots")).scalars().all()

    assert sorted(map(bool, peeked)) == [False, True]
    assert get_result(poll, now=NOW, percent_from=1).peeks == 1


def test_results_that_are_shown_later_can_not_be_peeked_at(box, services):
    new = NewPoll("Hidden?", options=("Yes", "No"), results_policy="after_close")
    poll = get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)

    with pytest.raises(Refusal):
        peek(box, poll, READER, now=NOW)


def test_the_place_an_option_was_shown_at_is_kept_with_the_choice(box, poll):
    yes = id_of(poll, "Yes")

    cast_ballot(box, poll, READER, [yes], shown={yes: 2}, now=NOW)

    assert db.session.execute(db.text("SELECT option_id, position FROM choices")).one() == (yes, 2)


def test_the_same_reader_has_another_key_in_every_poll(box, poll, several):
    cast_ballot(box, poll, READER, [id_of(poll, "Yes")], now=NOW)
    cast_ballot(box, several, READER, [id_of(several, "A")], now=NOW)

    keys = db.session.execute(db.text("SELECT voter_key FROM ballots")).scalars().all()

    assert len(keys) == len(set(keys)) == 2
    assert all(READER.token.encode() not in bytes(key) for key in keys)


ACTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["cast", "withdraw", "peek"]),
        st.sets(st.integers(0, 4), min_size=1, max_size=3),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_any_sequence_of_acts_leaves_what_a_plain_dictionary_holds(box, services, acts):
    new = NewPoll(
        "Any?", options=("A", "B", "C", "D"), not_sure="Not sure", method="multiple", max_choices=2
    )
    poll = get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)
    held = {}

    for reader, act, places in acts:
        voter = Voter(f"reader {reader}", "a secret")
        chosen = tuple(poll.options[place].id for place in sorted(places))
        try:
            if act == "cast":
                cast_ballot(box, poll, voter, chosen, now=NOW)
                held[reader] = chosen
            elif act == "withdraw":
                withdraw_ballot(box, poll, voter, now=NOW)
                del held[reader]
            else:
                peek(box, poll, voter, now=NOW)
        except Refusal:
            assert act != "peek"
            assert act == "cast" or reader not in held

    expected = Counter(option_id for chosen in held.values() for option_id in chosen)
    db.session.rollback()
    result = get_result(poll, now=NOW, percent_from=1)
    assert {option.id: option.votes for option in result.options if option.votes} == dict(expected)
    assert result.ballots == len(held)
    assert recount() == []
