"""Moments to cite a result by: read strictly, cut down to the hour, told once they are over."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.as_of import (
    check_as_of,
    first_full_hour,
    hour_of,
    last_full_hour,
    parse_moment,
)
from poll_app.domain.refusals import Malformed, Refusal

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T12:00:00Z",
        "2026-11-22t12:00:00z",
        "2026-11-22 12:00:00Z",
        "2026-11-22T12:00:00.123456789Z",
        "2026-11-22T13:00:00+01:00",
        "2026-11-22T13:00:00 01:00",
        "2026-11-22T06:30:00-05:30",
        "2026-11-22T11:59:60Z",
    ],
)
def test_every_way_to_write_a_time_is_read(text):
    assert parse_moment(text) == NOON


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-11-22", "2026-11-22T12:00:00", "2026-11-22T12:00Z", "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-22T25:00:00Z", "2026-11-22T12:00:61Z", "20261122T120000Z",
        "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z",
        "9999-12-31T23:00:00-23:00", "2026-11-22T12:00:00+25:00", "2026-11-22T12:00:00Z ",
        "２０２６-11-22T12:00:00Z", "2026-11-22T12:00:00Z\n", "1795348800", "2026-11-22T12:00:00Z' OR 1",
    ],
)  # fmt: skip
def test_anything_else_is_no_time(text):
    with pytest.raises(Malformed, match="RFC 3339"):
        parse_moment(text)


@given(st.datetimes(timezones=st.timezones()))
def test_what_python_writes_is_read_as_the_same_second(moment):
    text = moment.isoformat()
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        utc = None
    whole_minutes = len(text.split("T")[1].translate({43: "-"}).split("-")[-1]) <= 5
    if utc is None or not whole_minutes:
        with pytest.raises(Malformed):
            parse_moment(text)
    else:
        assert parse_moment(text) == utc.replace(microsecond=0)


@pytest.mark.parametrize(
    ("moment", "now", "hour"),
    [
        (NOON, NOON + timedelta(minutes=1), NOON),
        (NOON + timedelta(minutes=34), NOON + timedelta(minutes=34), NOON),
        (NOON + timedelta(minutes=34), NOON + timedelta(days=400), NOON),
        (NOON, NOON + timedelta(seconds=59), None),
        (NOON + timedelta(hours=1), NOON, None),
    ],
)
def test_an_hour_is_told_a_minute_after_it_is_over(moment, now, hour):
    if hour:
        assert check_as_of(moment, now) == hour
    else:
        with pytest.raises(Refusal, match="can be told from"):
            check_as_of(moment, now)


@given(st.integers(0, 2**32))
def test_the_last_full_hour_can_be_told_and_the_next_one_not_yet(seconds):
    now = datetime.fromtimestamp(seconds, UTC)
    last = last_full_hour(now)

    assert check_as_of(last, now) == last == hour_of(last)
    with pytest.raises(Refusal):
        check_as_of(last + timedelta(hours=1), now)


def test_the_first_hour_that_holds_anything_ends_after_the_opening():
    assert first_full_hour(NOON) == NOON + timedelta(hours=1)
    assert first_full_hour(NOON + timedelta(minutes=59)) == NOON + timedelta(hours=1)
