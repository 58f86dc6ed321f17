"""What a result says beyond its bars, counted from ballots and hours on every database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from poll_app.database import db
from poll_app.domain.changes_of_mind import Move
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast
from poll_app.services.kept import Kept
from poll_app.services.poll_views import get_poll_and_version
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.result_details import get_details_as_of, get_result_details
from poll_app.services.results import get_result
from poll_app.services.voting import cast_ballot, peek, withdraw_ballot

OPENED = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


def make_poll(**details):
    new = NewPoll("Or?", options=("Yes", "No"), not_sure="Not sure", slug="or", **details)
    add_poll(new, opens_at=OPENED, now=OPENED)
    return get_poll_and_version("or", now=OPENED)[0]


def voter(number):
    return Voter(f"reader {number}", "secret")


def vote(box, poll, numbers, place, at, position=None):
    """These readers choose the option at this place of the list; all in one batch."""
    option = poll.options[place].id
    keys = [voter(number).key_in(poll.voter_salt) for number in numbers]
    db.session.rollback()  # what is read next is new
    box.submit_all([Cast(poll.id, key, at, (option,), (position,)) for key in keys])


def told(now):
    poll, version = get_poll_and_version("or", now=now)
    ballots = get_result(poll, now=now, percent_from=1).ballots
    return get_result_details(poll, version, ballots=ballots, now=now, zone=UTC)


def test_days_and_shares_come_from_the_hours(box):
    poll = make_poll()
    vote(box, poll, range(40), 0, OPENED)
    vote(box, poll, range(40, 60), 1, OPENED + DAY)
    vote(box, poll, range(10), 1, OPENED + 2 * DAY)
    withdraw_ballot(box, poll, voter(59), now=OPENED + 2 * DAY)

    course = told(OPENED + 2 * DAY + MINUTE).over_time

    yes, no, not_sure = (option.id for option in poll.options)
    assert [step.ballots for step in course.steps] == [40, 20, -1]
    last = course.steps[-1]
    assert last.window_ballots == 59
    assert {i: share.label for i, share in last.shares.items()} == {
        yes: "51%", no: "49%", not_sure: "0%",
    }  # fmt: skip


def test_answers_older_than_seven_days_that_are_changed_count_as_new_ones(box):
    poll = make_poll()
    vote(box, poll, range(60), 0, OPENED)
    vote(box, poll, range(30), 1, OPENED + 9 * DAY)
    vote(box, poll, range(60, 90), 0, OPENED + 9 * DAY)

    last = told(OPENED + 9 * DAY + MINUTE).over_time.steps[-1]

    assert (last.ballots, last.window_ballots) == (30, 60)
    assert [share.label for share in last.shares.values()] == ["50%", "50%", "0%"]


def test_a_poll_that_closed_has_no_days_after_it(box):
    poll = make_poll()
    new = NewPoll("And?", options=("Yes", "No"), slug="and")
    add_poll(new, opens_at=OPENED, closes_at=OPENED + 2 * DAY, now=OPENED)
    now = OPENED + 30 * DAY
    view, version = get_poll_and_version("and", now=now)

    details = get_result_details(view, version, ballots=0, now=now, zone=UTC)

    assert len(details.over_time.steps) == 3
    assert poll.closes_at is None


def test_changes_of_mind_compare_the_first_answer_with_the_present_one(box):
    poll = make_poll()
    vote(box, poll, range(30), 0, OPENED)
    vote(box, poll, range(14), 1, OPENED + HOUR)
    vote(box, poll, range(2), 0, OPENED + 2 * HOUR)  # back again
    vote(box, poll, range(12, 14), 2, OPENED + 2 * HOUR)  # further on
    withdraw_ballot(box, poll, voter(29), now=OPENED + HOUR)
    withdraw_ballot(box, poll, voter(11), now=OPENED + HOUR)
    vote(box, poll, [11], 1, OPENED + 2 * HOUR)  # withdrawn, and No again

    changes = told(OPENED + 3 * HOUR).changes

    yes, no, not_sure = (option.id for option in poll.options)
    assert (changes.readers, changes.kept, changes.withdrew) == (14, 2, 1)
    assert changes.moves == (Move(yes, no, 10), Move(yes, not_sure, 2))
    assert changes.more_to == no


def test_who_had_asked_for_the_result_is_set_beside_all_others(box):
    poll = make_poll()
    for number in range(52):
        peek(box, poll, voter(number), now=OPENED)
    vote(box, poll, range(51), 0, OPENED)
    vote(box, poll, range(100, 160), 1, OPENED)
    peek(box, poll, voter(100), now=OPENED + MINUTE)  # after the vote: no difference
    withdraw_ballot(box, poll, voter(0), now=OPENED + MINUTE)

    sight = told(OPENED + 2 * MINUTE).sight

    yes, no, not_sure = (option.id for option in poll.options)
    assert (sight.saw.ballots, sight.others.ballots) == (50, 60)
    assert sight.saw.shares == {yes: "100%", no: "0%", not_sure: "0%"}
    assert sight.others.shares == {yes: "0%", no: "100%", not_sure: "0%"}


def test_the_first_place_leaves_out_what_was_not_shuffled_or_is_not_known(box):
    poll = make_poll()
    vote(box, poll, range(33), 0, OPENED, position=1)
    vote(box, poll, range(33, 60), 1, OPENED, position=2)
    vote(box, poll, range(60, 70), 2, OPENED, position=3)
    vote(box, poll, range(70, 80), 0, OPENED)

    place = told(OPENED + MINUTE).first_place

    assert (place.answers, place.first, place.options, place.percent_label) == (60, 33, 2, "55%")


def test_an_unusual_hour_is_told(box):
    poll = make_poll()
    for n in range(10):
        vote(box, poll, range(n * 10, n * 10 + 5), 0, OPENED + n * HOUR)
        vote(box, poll, range(n * 10 + 5, n * 10 + 10), 1, OPENED + n * HOUR)
    vote(box, poll, range(200, 280), 1, OPENED + 10 * HOUR)

    (hour,) = told(OPENED + 11 * HOUR).unusual

    yes, no, not_sure = (option.id for option in poll.options)
    assert (hour.hour, hour.ballots, hour.usual) == (OPENED - 30 * MINUTE + 10 * HOUR, 80, 10)
    assert hour.votes == {yes: 0, no: 80, not_sure: 0}
    assert hour.without == {yes: "50%", no: "50%", not_sure: "0%"}


def test_in_choose_several_each_answer_counts_for_itself(box):
    poll = make_poll(method="multiple", max_choices=2)
    yes, no, _ = (option.id for option in poll.options)
    for n in range(12):
        cast_ballot(box, poll, voter(n), [yes, no], now=OPENED)
        cast_ballot(box, poll, voter(n), [yes], now=OPENED + HOUR)

    changes = told(OPENED + 2 * HOUR).changes

    assert (changes.readers, changes.kept, changes.more_to) == (12, None, None)
    assert [(o.came, o.left) for o in changes.options] == [(0, 0), (0, 12), (0, 0)]


def test_too_few_ballots_tell_nothing(box):
    poll = make_poll()
    vote(box, poll, range(9), 0, OPENED)

    details = told(OPENED + MINUTE)

    assert (details.ballots, details.earlier) == (9, False)
    assert [details.over_time, details.changes, details.sight, details.first_place] == [None] * 4
    assert details.unusual == ()


def test_they_stand_until_the_poll_has_grown_by_a_tenth(box):
    poll = make_poll()
    vote(box, poll, range(100), 0, OPENED)
    first = told(OPENED + MINUTE)
    vote(box, poll, range(100, 110), 0, OPENED + MINUTE)
    same = told(OPENED + 2 * MINUTE)
    vote(box, poll, [110], 0, OPENED + MINUTE)
    new = told(OPENED + 3 * MINUTE)

    assert same is first
    assert (new.ballots, new.counted_at) == (111, OPENED + 3 * MINUTE)


def test_they_are_counted_anew_when_the_hour_is_over(box):
    poll = make_poll()
    vote(box, poll, range(60), 0, OPENED, position=1)
    first = told(OPENED + MINUTE)
    vote(box, poll, [60], 1, OPENED + MINUTE, position=2)

    later, idle = told(OPENED + HOUR), told(OPENED + 40 * HOUR)

    assert (first.first_place.answers, later.first_place.answers) == (60, 61)
    assert idle.first_place is later.first_place  # nothing came, so only the days are new
    assert (later.over_time, len(idle.over_time.steps)) == (None, 3)


def test_another_state_of_the_poll_is_told_at_once(box):
    poll = make_poll()
    new = NewPoll("And?", options=("Yes", "No"), slug="and")
    add_poll(new, opens_at=OPENED, closes_at=OPENED + MINUTE, now=OPENED)
    seen = []
    for now in (OPENED, OPENED + 2 * MINUTE):
        view, version = get_poll_and_version("and", now=now)
        seen.append(get_result_details(view, version, ballots=0, now=now, zone=UTC).counted_at)

    assert seen == [OPENED, OPENED + 2 * MINUTE]
    assert poll.status == "open"


def test_while_one_counts_the_others_are_given_what_was_known(box):
    from poll_app.services import result_details

    poll = make_poll()
    vote(box, poll, range(60), 0, OPENED)
    first = told(OPENED + MINUTE)
    vote(box, poll, range(60, 120), 0, OPENED + MINUTE)

    with result_details._counting:
        meanwhile = told(OPENED + 2 * MINUTE)

    assert meanwhile is first
    assert told(OPENED + 2 * MINUTE).ballots == 120


def test_those_who_wait_for_the_first_count_do_not_count_again(services, box):
    from poll_app.services import result_details

    poll = make_poll()
    vote(box, poll, range(60), 0, OPENED)

    def look():
        with services.app_context():
            return told(OPENED + MINUTE)

    with ThreadPoolExecutor(3) as readers:
        with result_details._counting:
            waiting = [readers.submit(look) for _ in range(3)]
        one, two, three = [each.result(30) for each in waiting]

    assert one is two is three


def test_what_is_kept_is_forgotten_when_there_is_too_much(services):
    kept = Kept(2)
    for number in (1, 2, 1, 3):
        kept.keep(number, f"thing {number}")

    assert [kept.find(number) for number in (1, 2, 3)] == ["thing 1", None, "thing 3"]


def test_as_of_an_hour_only_what_the_hours_tell_is_known(box):
    poll = make_poll()
    vote(box, poll, range(60), 0, OPENED, position=1)
    vote(box, poll, range(20), 1, OPENED + DAY)

    details = get_details_as_of(poll, OPENED - 30 * MINUTE + DAY, zone=UTC)

    assert (details.earlier, details.ballots) == (True, 60)
    assert (details.changes, details.sight, details.first_place) == (None, None, None)
    assert [step.ballots for step in details.over_time.steps] == [60, 0]
