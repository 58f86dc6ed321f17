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
    kept_on_delete,
    kept_on_edit,
    parse_moderation,
    parse_rejection,
    parse_report,
    parse_state,
)
from poll_app.domain.discussion.pipeline import PHASES
from poll_app.domain.refusals import Refusal


def test_every_code_that_holds_a_text_has_a_sentence():
    codes = ["words.de" if phase.__name__ == "words" else phase.__name__ for phase in PHASES]

    told = explained("held", [*codes, "reports", "moderator"])

    assert len(told) == len(PHASES) + 2
    assert all(str(one).endswith(".") for one in told)


def test_a_duplicate_that_waits_is_told_otherwise_than_one_that_was_rejected():
    assert explained("held", ["duplicate"]) != explained("rejected", ["duplicate"])
    assert explained("removed", ["insult"]) == (REJECTIONS["insult"],)
    assert explained("published", []) == ()


def test_what_people_hold_stays_held_when_it_is_edited_or_deleted():
    codes = ("links", "moderator", "reports")

    assert kept_on_edit("held", codes) == kept_on_delete("held", codes) == ("moderator", "reports")
    assert kept_on_edit("published", codes) == kept_on_delete("published", ()) == ()
    assert kept_on_delete("rejected", ("insult",)) == ("insult",)


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
