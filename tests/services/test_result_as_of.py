"""A result as of an hour stays what it was: through votes, changes, closing, corrections, recounts."""

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.refusals import Refusal
from poll_app.domain.voters import Voter
from poll_app.domain.wording import Wording
from poll_app.models import Poll, Tally, Turnout
from poll_app.services.citations import find_citable_result
from poll_app.services.desk.poll_times import move_end
from poll_app.services.desk.wording import correct_wording, reword
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.record import record
from poll_app.services.recount import recount
from poll_app.services.result_as_of import get_result_as_of
from poll_app.services.result_details import get_details_as_of
from poll_app.services.results import get_result
from poll_app.services.voting import cast_ballot, withdraw_ballot

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATER = NOON + 400 * HOUR
DATA = Path(__file__).parents[3] / "shared" / "data" / "brexit-consensus"


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


def make_poll(opens_at=NOON - 30 * MINUTE, closes_at=None, **details):
    details = {"options": ("Yes", "No"), **details}
    new = NewPoll("Or?", not_sure="Not sure", **details)
    slug = add_poll(new, opens_at=opens_at, closes_at=closes_at, now=opens_at)
    return get_poll(slug, now=opens_at)


def as_of(poll, moment, now=LATER):
    return get_result_as_of(get_poll(poll.slug, now=now), moment, now=now, percent_from=1)[1]


def told(result):
    """Everything that a citation repeats."""
    return (
        result.checksum, result.ballots, result.visible, result.options, result.order,
        str(result.sentence), str(result.note), result.tipping_ratio, result.as_of, result.poll,
    )  # fmt: skip


def act_on(poll, act, now, before, **values):
    """Changes the stored poll as the desk does, with its line in the record."""
    with writing() as session:
        stored = session.get(Poll, poll.id)
        for name, value in values.items():
            setattr(stored, name, value)
        record(session, act, by=COMMAND_LINE, now=now, on=stored, before=before)


def test_each_hour_told_once_is_told_alike_for_ever(box):
    poll = make_poll()
    readers = [Voter(f"reader {n}", "secret") for n in range(25)]
    chance = random.Random(5)  # noqa: S311 - the same chances every time
    taken = {}
    for n in range(8):
        hour = NOON + n * HOUR
        for _ in range(12):
            reader, now = chance.choice(readers), hour + chance.randrange(60) * MINUTE
            option = chance.choice(poll.options)
            cast_ballot(box, poll, reader, [option.id], now=now)
            if chance.random() < 0.25:
                withdraw_ballot(box, poll, reader, now=now)
        over = hour + HOUR
        taken[over] = told(as_of(poll, over, now=over + MINUTE))
        current = get_result(get_poll(poll.slug, now=over), now=over, percent_from=1)
        assert taken[over][:4] == (
            current.checksum, current.ballots, current.visible, current.options,
        )  # fmt: skip
        assert {hour: told(as_of(poll, hour)) for hour in taken} == taken
    assert len({found[0] for found in taken.values()}) > 4
    assert recount(repair=True) == []
    assert {hour: told(as_of(poll, hour)) for hour in taken} == taken


def test_a_damaged_tally_that_is_repaired_tells_again_what_it_told(box):
    poll = make_poll()
    for n in range(20):
        cast_ballot(box, poll, Voter(str(n), "s"), [poll.options[n % 2].id], now=NOON + n * HOUR)
    taken = {n: told(as_of(poll, NOON + n * HOUR)) for n in range(22)}
    with writing() as session:
        session.execute(text("UPDATE hourly_tallies SET votes = votes + 3"))
        session.execute(text("DELETE FROM hourly_turnouts WHERE ballots = 1"))

    assert recount(repair=True)

    assert {n: told(as_of(poll, NOON + n * HOUR)) for n in range(22)} == taken


def test_the_moment_is_cut_down_to_the_hour(box):
    poll = make_poll()
    cast_ballot(box, poll, Voter("a", "s"), [poll.options[0].id], now=NOON + 10 * MINUTE)

    assert as_of(poll, NOON + 59 * MINUTE).ballots == 0
    assert as_of(poll, NOON + 61 * MINUTE) == as_of(poll, NOON + HOUR)
    assert (as_of(poll, NOON + HOUR).ballots, as_of(poll, NOON + HOUR).as_of) == (1, NOON + HOUR)


def test_before_the_opening_there_are_no_ballots(box):
    poll = make_poll()
    cast_ballot(box, poll, Voter("a", "s"), [poll.options[0].id], now=NOON)

    result = as_of(poll, NOON - 100 * HOUR)

    assert (result.ballots, result.poll.status, str(result.sentence)) == (
        0, "scheduled", "Voting has not opened yet.",
    )  # fmt: skip


def test_an_hour_that_is_not_over_is_not_told(box):
    poll = make_poll()

    with pytest.raises(Refusal, match="can be told from"):
        as_of(poll, NOON + HOUR, now=NOON + HOUR + 59 * timedelta(seconds=1))


def test_a_closing_later_on_changes_nothing_of_what_was_told_before(box):
    poll = make_poll()
    cast_ballot(box, poll, Voter("a", "s"), [poll.options[0].id], now=NOON)
    before = told(as_of(poll, NOON + 2 * HOUR))
    closed = NOON + 2 * HOUR + 10 * MINUTE
    act_on(poll, "poll.closed", closed, {"closes_at": None}, closes_at=closed)
    after = told(as_of(poll, NOON + 3 * HOUR))
    moved = closed + 5 * HOUR
    act_on(
        poll, "poll.reopened", closed + 3 * HOUR, {"closes_at": closed.isoformat()}, closes_at=moved
    )

    assert told(as_of(poll, NOON + 2 * HOUR)) == before
    assert told(as_of(poll, NOON + 3 * HOUR)) == after
    assert (before[-1].status, after[-1].status) == ("open", "closed")


def test_the_words_are_those_that_stood_then(box):
    poll = make_poll(options=("Yess", "Nope"))
    cast_ballot(box, poll, Voter("a", "s"), [poll.options[0].id], now=NOON)
    before = told(as_of(poll, NOON + HOUR))
    between = NOON + 2 * HOUR + MINUTE
    correct(poll, Wording("Or?", ("Yes", "Nope", "Not sure")), between)
    after = told(as_of(poll, NOON + 3 * HOUR))
    correct(poll, Wording("Or??", ("Yes", "Noppe", "Not sure")), between + HOUR)

    later = as_of(poll, NOON + 4 * HOUR)

    assert told(as_of(poll, NOON + HOUR)) == before
    assert told(as_of(poll, NOON + 3 * HOUR)) == after
    assert [before[3][0].label, after[3][0].label] == ["Yess", "Yes"]
    assert (later.poll.question, later.options[1].label) == ("Or??", "Noppe")
    assert len({later.checksum, before[0], after[0]}) == 3


def correct(poll, wording, now):
    """Corrects the words as an editor does."""
    revision = get_poll(poll.slug, now=now).revision[1]
    correct_wording(poll.slug, wording, revision=revision, by=COMMAND_LINE, now=now)


def test_options_that_were_others_before_the_first_answer_are_left_as_they_are(box):
    poll = make_poll()
    act_on(poll, "poll.edited", NOON, {"options": ["Perhaps"], "opens_at": None})

    assert [option.label for option in as_of(poll, NOON).options] == ["Yes", "No", "Not sure"]


def test_an_opening_that_was_moved_stands_where_it_stood(box):
    poll = make_poll(opens_at=NOON + 5 * HOUR)
    act_on(
        poll, "poll.scheduled", NOON + HOUR, {"opens_at": NOON.isoformat()}, opens_at=NOON + HOUR
    )

    assert as_of(poll, NOON + HOUR).poll.opens_at == NOON
    assert as_of(poll, NOON + 2 * HOUR).poll.opens_at == NOON + HOUR


def test_a_new_wording_leaves_the_address_to_the_old_one_for_the_time_before_it(box):
    closes_at = NOON + 50 * HOUR
    old = make_poll(closes_at=closes_at)
    cast_ballot(box, old, Voter("a", "s"), [old.options[0].id], now=NOON)
    before = told(as_of(old, NOON + HOUR))
    reworded = NOON + 2 * HOUR + MINUTE
    revision = get_poll(old.slug, now=reworded).revision[1]
    new = NewPoll("Or what?", options=("A", "B"))
    reword(
        old.slug,
        new,
        reason="Unclear.",
        in_spite="x",
        revision=revision,
        by=COMMAND_LINE,
        now=reworded,
    )
    revision = get_poll(old.slug, now=reworded).revision[1]
    move_end(
        old.slug, closes_at=closes_at + HOUR, revision=revision, by=COMMAND_LINE,
        now=reworded + HOUR,
    )  # fmt: skip

    later = as_of(old, NOON + 3 * HOUR)

    assert told(as_of(old, NOON + HOUR)) == before
    assert (later.poll.question, later.ballots) == ("Or what?", 0)
    assert later.poll.closes_at == before[-1].closes_at == closes_at


@pytest.mark.parametrize(
    ("policy", "at_first", "when_over"),
    [("always", True, True), ("after_vote", False, True), ("after_close", False, True)],
)
def test_what_was_hidden_then_stays_hidden(box, policy, at_first, when_over):
    closes_at = NOON + 2 * HOUR
    poll = make_poll(results_policy=policy, closes_at=closes_at)
    cast_ballot(box, poll, Voter("a", "s"), [poll.options[0].id], now=NOON)

    open_, over = as_of(poll, NOON + HOUR), as_of(poll, NOON + 3 * HOUR)

    assert (open_.visible, over.visible) == (at_first, when_over)
    assert (open_.ballots, open_.options[0].votes) == (1, 1 if at_first else None)


def test_an_option_without_any_hour_has_no_votes(box):
    poll = make_poll()
    with writing() as session:
        assert session.get(Tally, (poll.id, poll.options[2].id)).votes == 0
        assert session.get(Turnout, poll.id).ballots == 0

    assert [option.votes for option in as_of(poll, NOON).options] == [0, 0, 0]


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")
def test_a_real_conversation_is_cited_hour_by_hour(box):
    """The busiest statement of 204 readers (data: Polis, CC BY 4.0, see test_replay)."""
    with (DATA / "votes.csv").open(encoding="utf-8", newline="") as file:
        votes = sorted(csv.DictReader(file), key=lambda row: int(row["timestamp"]))
    statements = [row["comment-id"] for row in votes]
    busiest = max(set(statements), key=statements.count)
    votes = [row for row in votes if row["comment-id"] == busiest]
    times = [datetime.fromtimestamp(int(row["timestamp"]) / 1000, UTC) for row in votes]
    poll = make_poll(opens_at=times[0])
    place = {"1": 0, "-1": 1, "0": 2}
    taken = {}
    for row, now in zip(votes, times, strict=True):
        hour = now.replace(minute=0, second=0, microsecond=0)
        if now >= hour + MINUTE:
            taken.setdefault(hour, told(as_of(poll, hour, now=now)))
        option = poll.options[place[row["vote"]]]
        cast_ballot(box, poll, Voter(row["voter-id"], "s"), [option.id], now=now)

    end = times[-1] + 2 * HOUR
    assert len(taken) > 10
    assert {hour: told(as_of(poll, hour, now=end)) for hour in taken} == taken
    current = get_result(get_poll(poll.slug, now=end), now=end, percent_from=1)
    assert as_of(poll, end - MINUTE, now=end).checksum == current.checksum


def test_the_details_of_an_hour_stay_what_they_were(box):
    poll = make_poll()
    readers = [Voter(f"reader {n}", "secret") for n in range(70)]
    for n, reader in enumerate(readers):
        cast_ballot(box, poll, reader, [poll.options[0].id], now=NOON + n % 40 * HOUR)
    moments = [NOON + n * 13 * HOUR for n in range(1, 14)]
    taken = {}
    for n, moment in enumerate(moments):
        for reader in readers[n * 5 : n * 5 + 5]:
            now = max(moment - HOUR, NOON + 41 * HOUR)
            cast_ballot(box, poll, reader, [poll.options[1].id], now=now)
        withdraw_ballot(box, poll, readers[n * 5], now=now)
        if n > 3:
            taken[moment] = get_details_as_of(poll, moment, zone=UTC)
    assert {hour: get_details_as_of(poll, hour, zone=UTC) for hour in taken} == taken
    assert taken[moments[-1]].earlier
    assert taken[moments[-1]].over_time.has_shares


def test_a_result_is_cited_by_its_last_full_hour(box):
    poll = make_poll()
    cast_ballot(box, poll, Voter("a", "s"), [poll.options[0].id], now=NOON - 10 * MINUTE)

    def cited(now):
        return find_citable_result(get_poll(poll.slug, now=now), now=now, percent_from=1)

    within, after, same, later = (cited(NOON + n * MINUTE) for n in (0.5, 1, 60, 61))

    assert within is None  # the ballots of the first hour may still be on their way
    assert (after.as_of, after.ballots) == (NOON, 1)
    assert same is after
    assert later.as_of == NOON + HOUR
