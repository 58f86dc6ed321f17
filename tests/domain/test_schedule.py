"""Times as editors write them, and when a poll may open and close."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.refusals import Refusal
from poll_app.domain.schedule import (
    FARTHEST,
    Ambiguous,
    LocalTime,
    check_new_end,
    check_opening,
    distance,
    local_time,
    parse_local,
    refuse_unless,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Times:
    opens_at: datetime | None
    closes_at: datetime | None = None


def parsed(day, time, which="", zone=BERLIN):
    return parse_local(LocalTime(day, time, which), zone, field="opens_at")


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("2026-11-30", "09:30", "2026-11-30T08:30"),
        ("2026-07-01", "9:30", "2026-07-01T07:30"),
        (" 2026-7-1 ", " 09:30:00 ", "2026-07-01T07:30"),
        ("2027-03-28", "01:59", "2027-03-28T00:59"),
        ("2027-03-28", "03:00", "2027-03-28T01:00"),
    ],
)
def test_a_local_time_is_read_in_the_zone_of_the_newsroom(day, time, utc):
    assert parsed(day, time) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "day",
    ["", "30.11.2026", "2026-13-01", "2026-02-29", "26-11-30", "tomorrow", "٢٠٢٦-11-30"],
)  # fmt: skip
def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(day):
    with pytest.raises(Refusal, match="year-month-day") as refused:
        parsed(day, "09:30")

    assert refused.value.field == "opens_at"


@pytest.mark.parametrize("day", ["9999-12-31", "1066-10-14", "0000-01-01"])
def test_a_year_that_must_be_a_slip_is_called_one(day):
    with pytest.raises(Refusal, match="a year between 1900 and 2999"):
        parsed(day, "09:30")


@pytest.mark.parametrize("time", ["", "24:00", "9", "09.30", "9:5", "noon", "09:30:01", "٠٩:30"])
def test_a_time_that_is_none_is_refused_with_the_way_to_write_it(time):
    with pytest.raises(Refusal, match="hours:minutes"):
        parsed("2026-11-30", time)


@pytest.mark.parametrize("which", ["", "first", "second"])
def test_a_time_that_the_clocks_leave_out_is_refused_with_one_that_exists(which):
    with pytest.raises(Refusal, match=r"no 02:30 .* Europe/Berlin.*2027-03-28 03:30"):
        parsed("2027-03-28", "02:30", which)


def test_a_time_that_comes_twice_is_refused_with_both_moments():
    with pytest.raises(Ambiguous, match="02:30 comes twice") as refused:
        parsed("2026-10-25", "02:30", "third")

    assert refused.value.first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert refused.value.second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_a_time_that_comes_twice_is_taken_once_it_says_which(which, hour):
    assert parsed("2026-10-25", "02:30", which) == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


@given(
    st.integers(0, 40_000_000),
    st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_what_a_form_shows_leads_back_to_the_same_moment(minutes, zone):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    shown = local_time(moment, ZoneInfo(zone))
    if moment.astimezone(ZoneInfo(zone)).second:
        return  # before zones kept to whole minutes

    assert parse_local(shown, ZoneInfo(zone), field="opens_at") == moment


def test_a_form_says_which_only_in_an_hour_that_comes_twice():
    assert local_time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN) == LocalTime(
        "2026-10-25", "02:30", "first"
    )
    assert local_time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), BERLIN).which == "second"
    assert local_time(NOW, BERLIN) == LocalTime("2026-11-22", "13:30", "")


@pytest.mark.parametrize(
    ("opens_at", "closes_at"),
    [(NOW, None), (NOW + HOUR, None), (NOW, NOW + HOUR), (NOW + FARTHEST, None)],
)
def test_a_poll_may_open_now_or_later(opens_at, closes_at):
    check_opening(opens_at, closes_at, now=NOW)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "text", "field"),
    [
        (NOW - HOUR, None, "has passed", "opens_at"),
        (NOW + FARTHEST + HOUR, None, "ten years", "opens_at"),
        (NOW + HOUR, NOW + HOUR, "close after it has opened", "closes_at"),
        (NOW, NOW + FARTHEST + HOUR, "ten years", "closes_at"),
    ],
)
def test_times_in_which_nobody_could_vote_are_refused(opens_at, closes_at, text, field):
    with pytest.raises(Refusal, match=text) as refused:
        check_opening(opens_at, closes_at, now=NOW)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "text"),
    [
        (NOW - HOUR, NOW, "has passed"),
        (NOW + 2 * HOUR, NOW + HOUR, "close after it has opened"),
        (NOW - HOUR, NOW + FARTHEST + HOUR, "ten years"),
    ],
)
def test_an_end_that_can_not_be_is_refused(opens_at, closes_at, text):
    with pytest.raises(Refusal, match=text) as refused:
        check_new_end(Times(opens_at), closes_at, now=NOW)

    assert refused.value.field == "closes_at"


@pytest.mark.parametrize("closes_at", [None, NOW + HOUR])
def test_an_end_may_be_moved_or_taken_away(closes_at):
    check_new_end(Times(NOW - HOUR), closes_at, now=NOW)


@pytest.mark.parametrize(
    ("poll", "text"),
    [
        (Times(None), "is a draft"),
        (Times(NOW + HOUR), "has not opened yet"),
        (Times(NOW - HOUR), "is open"),
        (Times(NOW - HOUR, NOW), "is closed"),
    ],
)
def test_an_act_that_does_not_fit_the_state_is_refused_with_the_state(poll, text):
    with pytest.raises(Refusal, match=text):
        refuse_unless(poll, "resolved", now=NOW)


def test_a_closed_question_with_an_outcome_is_more_than_closed():
    over = Times(NOW - HOUR, NOW)

    with pytest.raises(Refusal, match="has an outcome"):
        refuse_unless(over, "closed", now=NOW, has_outcome=True)
    refuse_unless(over, "resolved", now=NOW, has_outcome=True)


def test_an_act_that_fits_the_state_is_let_through():
    refuse_unless(Times(NOW - HOUR), "draft", "open", now=NOW)


@pytest.mark.parametrize(
    ("away", "text"),
    [
        (timedelta(seconds=20), "in less than a minute"),
        (timedelta(seconds=-20), "just now"),
        (timedelta(0), "just now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=59, seconds=59), "in 59 minutes"),
        (timedelta(minutes=-90), "1 hour ago"),
        (timedelta(hours=47), "in 47 hours"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(days=-2), "2 days ago"),
        (timedelta(minutes=-2), "2 minutes ago"),
        (timedelta(days=1_200), "in 1,200 days"),
    ],
)
def test_the_distance_of_a_moment_is_said_in_words(away, text):
    assert str(distance(NOW + away, NOW)) == text
