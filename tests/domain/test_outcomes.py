"""What an outcome and a survey may hold."""

from dataclasses import replace
from datetime import date

import pytest

from poll_app.domain.outcomes import (
    MAX_OUTCOME_LENGTH,
    MAX_SOURCE_LENGTH,
    MAX_URL_LENGTH,
    MOST_PEOPLE,
    OutcomeFacts,
    SurveyFacts,
    checked_outcome,
    checked_survey,
    checked_url,
    parse_shares,
)
from poll_app.domain.refusals import Refusal

TODAY = date(2026, 11, 22)
OUTCOME = OutcomeFacts(" Troops were  sent. ", date(2026, 11, 1), "NATO", "https://nato.int/x", 7)
SURVEY = SurveyFacts(
    "Institute", "Adults in the U.K.", "Should it?", 1_004, date(2026, 10, 1), date(2026, 10, 4),
    (("Yes", 54), ("No", 46)), "",
)  # fmt: skip


def test_an_outcome_is_cleaned():
    assert checked_outcome(OUTCOME, option_ids=[7, 8], today=TODAY) == replace(
        OUTCOME, text="Troops were sent."
    )
    assert checked_outcome(replace(OUTCOME, option_id=None), option_ids=[], today=TODAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * (MAX_OUTCOME_LENGTH + 1)}, "text"),
        ({"text": "a\u202eb"}, "text"),
        ({"source": ""}, "source"),
        ({"source": "x" * (MAX_SOURCE_LENGTH + 1)}, "source"),
        ({"option_id": 9}, "option_id"),
        ({"happened_on": date(2026, 11, 23)}, "happened_on"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
    ],
)
def test_an_outcome_that_can_not_be_is_refused_with_its_field(change, field):
    with pytest.raises(Refusal) as refused:
        checked_outcome(replace(OUTCOME, **change), option_ids=[7, 8], today=TODAY)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "url",
    [
        "",
        " https://a.example/b?c=d#e ",
        "http://a.example:8080",
        "https://例え.jp/ä",
        "https://[::1]/",
    ],
)
def test_a_web_address_is_kept_and_never_fetched(url):
    assert checked_url(url, field="url") == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "example.org", "//a.example", "ftp://a.example", "javascript:alert(1)", "data:text/html,x",
        "file:///etc/passwd", "https://", "https://name:word@a.example", "https://@a.example",
        "https://a.example:99999/", "https://a.example:0/", "https://a.example\\b",
        "https://a.ex ample", "https://a.example/\nx", "https://a.example/\u202ex", "https://[::1",
        "https://a.example/" + "x" * MAX_URL_LENGTH,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(Refusal) as refused:
        checked_url(url, field="url")

    assert refused.value.field == "url"


def test_a_survey_is_cleaned():
    cleaned = checked_survey(replace(SURVEY, institute=" The  Institute "), today=TODAY)

    assert cleaned == replace(SURVEY, institute="The Institute")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"institute": ""}, "institute"),
        ({"population": "\u200b"}, "population"),
        ({"question": ""}, "question"),
        ({"people": 0}, "people"),
        ({"people": MOST_PEOPLE + 1}, "people"),
        ({"asked_to": date(2026, 9, 30)}, "asked_to"),
        ({"asked_to": date(2026, 11, 23)}, "asked_to"),
        ({"url": "ftp://a.example"}, "url"),
    ],
)
def test_a_survey_that_can_not_be_is_refused_with_its_field(change, field):
    with pytest.raises(Refusal) as refused:
        checked_survey(replace(SURVEY, **change), today=TODAY)

    assert refused.value.field == field


@pytest.mark.parametrize(("more", "several"), [(47, False), (90, True)])
def test_shares_may_be_rounded_up_and_of_several_answers_add_up_to_anything(more, several):
    facts = replace(SURVEY, shares=(("Yes", 54), ("No", more)))

    assert checked_survey(facts, today=TODAY, several=several).shares == facts.shares


def test_shares_of_one_answer_each_are_refused_beyond_100():
    with pytest.raises(Refusal, match="more than 100") as refused:
        checked_survey(replace(SURVEY, shares=(("Yes", 54), ("No", 48))), today=TODAY)

    assert refused.value.field == "shares"


def test_shares_are_read_from_lines():
    text = "Yes 54\r\n\r\nNo, never: 40 %\nDon’t know 6%\nPlan 9 0"

    assert parse_shares(text) == (
        ("Yes", 54), ("No, never", 40), ("Don’t know", 6), ("Plan 9", 0),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "Yes 54", "Yes\nNo 46", "Yes 54.5\nNo 45.5", "Yes 101\nNo 0", "Yes 54\nyes 46", "54\n46",
     "Yes ٥٤\nNo 46", "\n".join(f"a{n} 1" for n in range(21)), "a\u202eb 5\nNo 5"],
)  # fmt: skip
def test_lines_that_are_no_shares_are_refused(text):
    with pytest.raises(Refusal) as refused:
        parse_shares(text)

    assert refused.value.field == "shares"
