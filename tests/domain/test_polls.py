"""What a poll may be, and when it takes ballots."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.polls import (
    MAX_OPTIONS,
    check_options,
    clean_text,
    not_sure_label,
    refuse_unless_open,
    status_at,
)
from poll_app.domain.refusals import NotFound, NotOpen, Refusal

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Times:
    opens_at: datetime | None
    closes_at: datetime | None = None


@pytest.mark.parametrize(
    ("times", "now", "status"),
    [
        (Times(None), NOON, "draft"),
        (Times(None, NOON - HOUR), NOON, "draft"),
        (Times(NOON), NOON - MICROSECOND, "scheduled"),
        (Times(NOON), NOON, "open"),
        (Times(NOON), NOON + 10_000 * HOUR, "open"),
        (Times(NOON, NOON + HOUR), NOON + HOUR - MICROSECOND, "open"),
        (Times(NOON, NOON + HOUR), NOON + HOUR, "closed"),
    ],
)
def test_the_clock_alone_decides_the_state_of_a_poll(times, now, status):
    assert status_at(times, now) == status


def test_an_open_poll_takes_ballots():
    refuse_unless_open(Times(NOON, NOON + HOUR), NOON)


@pytest.mark.parametrize(
    ("times", "refusal", "text"),
    [
        (Times(None), NotFound, "There is no such question"),
        (Times(NOON + HOUR), NotOpen, "opens on 2026-11-22 13:00"),
        (Times(NOON - HOUR, NOON), NotOpen, "closed on 2026-11-22 12:00"),
    ],
)
def test_any_other_says_since_or_until_when(times, refusal, text):
    with pytest.raises(refusal, match=text):
        refuse_unless_open(times, NOON)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Yes \t or\n no?  ", "Yes or no?"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("日本語\u3000ですか", "日本語 ですか"),
        ("x" * 10, "x" * 10),
        ("e\u0301" * 10, "é" * 10),
        ('<b>& "%s" {{ 7 }}', '<b>& "%s" {{ 7 }}'),
    ],
)
def test_a_text_is_normalised_and_its_white_space_folded(text, clean):
    assert clean_text(text, limit=20, field="question") == clean


@pytest.mark.parametrize(
    "text",
    ["", " ", "\t\n", "\u3164", "\u115f\u1160\uffa0", "\u200c\u200d", "\u200b", "\u2060\ufeff", "\xa0\u2003",
     "\u2800", "\ufe0f", "\u034f", "\u0301"],
)  # fmt: skip
def test_a_text_that_shows_nothing_is_refused(text):
    with pytest.raises(Refusal, match="Enter some text") as refused:
        clean_text(text, limit=20, field="question")

    assert refused.value.field == "question"


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c",
     "\u200b", "\u00ad", "\ufeff", "\ue000", "\ud800", "\U000e0041",
     "\ufffe", "\uffff"],
)  # fmt: skip
def test_a_text_that_could_read_as_another_one_is_refused(character):
    with pytest.raises(Refusal, match="Remove the control or direction-changing") as refused:
        clean_text(f"No{character}t", limit=20, field="option")

    assert "“Not”" in str(refused.value)


def test_a_text_that_is_too_long_is_refused_with_both_numbers():
    with pytest.raises(Refusal, match="at most 20 characters, not 1,001"):
        clean_text("x" * 1001, limit=20, field="option")


def test_stacked_accents_are_refused_before_they_cost_anything():
    text = "a" + "\u0301\u0323" * 250_000

    began = process_time()
    with pytest.raises(Refusal, match="at most 20 characters, not 500,001"):
        clean_text(text, limit=20, field="question")

    # A moment; putting the accents in order would take minutes.
    assert process_time() - began < 10


@pytest.mark.parametrize("whole", ["é", "ΐ", "ᾂ", "각"])
def test_the_length_is_that_of_the_normalised_text(whole):
    apart = unicodedata.normalize("NFD", whole)

    assert clean_text(apart * 20, limit=20, field="question") == whole * 20
    with pytest.raises(Refusal, match="at most 20 characters"):
        clean_text(apart * 21, limit=20, field="question")


@given(st.text(max_size=60))
def test_a_cleaned_text_is_clean(text):
    try:
        clean = clean_text(text, limit=50, field="question")
    except Refusal:
        return

    assert clean
    assert clean_text(clean, limit=50, field="question") == clean


@pytest.mark.parametrize("count", [2, 3, MAX_OPTIONS])
def test_two_to_twenty_different_options_make_a_poll(count):
    check_options([f"option {n}" for n in range(count)], min_choices=1, max_choices=count)


@pytest.mark.parametrize(
    ("labels", "least", "most", "text", "field"),
    [
        ([], 1, 1, "Give 2 to 20 options", "option"),
        (["Yes"], 1, 1, "Give 2 to 20 options", "option"),
        ([str(n) for n in range(21)], 1, 1, "Give 2 to 20 options", "option"),
        (["Yes", "Yes"], 1, 1, "Two options are the same", "option"),
        (["Straße", "STRASSE"], 1, 1, "Two options are the same", "option"),
        (["Yes", "No"], 0, 1, "number of choices", "max_choices"),
        (["Yes", "No"], 2, 1, "number of choices", "max_choices"),
        (["Yes", "No"], 1, 3, "number of choices", "max_choices"),
    ],
)
def test_other_options_are_refused(labels, least, most, text, field):
    with pytest.raises(Refusal, match=text) as refused:
        check_options(labels, min_choices=least, max_choices=most)

    assert refused.value.field == field


@pytest.mark.parametrize("count", [1, 20])
def test_the_option_for_the_undecided_counts_among_the_most_and_not_among_the_least(count):
    labels = [*map(str, range(count)), "Not sure"]

    with pytest.raises(Refusal, match="Give 2 to 19 options, without “Not sure”"):
        check_options(labels, min_choices=1, max_choices=1, not_sure=True)


@pytest.mark.parametrize(
    ("language", "label"),
    [("de", "Weiß nicht"), ("de_AT", "Weiß nicht"), ("de-CH", "Weiß nicht"), ("xx", "Not sure"), (None, "Not sure")],
)  # fmt: skip
def test_the_undecided_are_named_in_the_language_of_the_question(language, label):
    assert not_sure_label(language) == label
