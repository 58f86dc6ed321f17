"""Codes: every one that a text can carry is explained to its writer."""

import pytest

from poll_app.domain.discussion.codes import (
    MODERATION_WORDS,
    MODERATIONS,
    REJECTIONS,
    REPORT_CODES,
    STATE_WORDS,
    STATES,
    explained,
    is_as_seen,
    kept_on_delete,
    kept_on_edit,
    kept_on_hold,
    parse_moderation,
    parse_rejection,
    parse_report,
    parse_state,
)
from poll_app.domain.discussion.pipeline import PHASES
from poll_app.domain.refusals import Refusal


def test_every_code_that_holds_a_text_has_a_sentence():
    codes = ["words.de" if phase.__name__ == "words" else phase.__name__ for phase in PHASES]

    told = explained("held", [*codes, "reports", "moderator", "edited"])

    assert len(told) == len(PHASES) + 3
    assert all(str(one).endswith(".") for one in told)


def test_a_duplicate_that_waits_is_told_otherwise_than_one_that_was_rejected():
    assert explained("held", ["duplicate"]) != explained("rejected", ["duplicate"])
    assert explained("removed", ["insult"]) == (REJECTIONS["insult"],)
    assert explained("published", []) == ()


def test_what_people_hold_stays_held_when_it_is_edited_or_deleted():
    codes = ("links", "moderator", "reports")

    assert kept_on_delete("held", codes) == ("moderator", "reports")
    assert kept_on_edit("held", codes) == ("moderator", "reports", "edited")
    assert kept_on_edit("held", ("links",)) == kept_on_delete("published", ()) == ()
    assert kept_on_delete("rejected", ("insult",)) == ("insult",)


def test_what_a_moderator_holds_once_more_keeps_what_held_it_before():
    assert kept_on_hold("held", ("moderator", "links")) == ("links", "moderator")
    assert kept_on_hold("removed", ("insult",)) == ("moderator",)


def test_readers_have_seen_what_is_shown_or_was_until_people_held_it():
    assert is_as_seen("published", ())
    assert is_as_seen("held", ("reports", "moderator"))
    for codes in (("links",), ("links", "moderator"), ("reports", "edited")):
        assert not is_as_seen("held", codes)


def test_the_same_is_told_once():
    assert len(explained("held", ["words.de", "words.en"])) == 1


def test_only_known_codes_and_modes_are_taken():
    assert parse_rejection("duplicate") == "duplicate"
    assert parse_report("insult") == "insult"
    assert parse_moderation("before") == "before"
    assert parse_state("held") == "held"
    for parse, wrong, field in (
        (parse_rejection, "", "code"), (parse_report, "duplicate", "code"), (parse_moderation, "never", "moderation"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            parse(wrong)
        assert refused.value.field == field


def test_every_state_and_mode_has_words():
    assert set(STATE_WORDS) == set(STATES)
    assert set(MODERATION_WORDS) == set(MODERATIONS)
    assert set(REPORT_CODES) < set(REJECTIONS)
