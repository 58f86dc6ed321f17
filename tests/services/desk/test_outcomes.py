"""Outcomes and surveys at the desk, and what readers are told of them, on every database."""

from dataclasses import replace
from datetime import date

import pytest

from poll_app.domain.outcomes import OutcomeFacts, SurveyFacts
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.services.desk.outcomes import MAX_SURVEYS, add_survey, record_outcome, remove_survey
from poll_app.services.desk.poll_times import close_now, reopen
from poll_app.services.desk.polls import add_draft
from poll_app.services.poll_stories import story_of
from poll_app.services.poll_views import get_poll, list_polls, watch
from tests.services.desk.test_polls import HOUR, NEW, NOW, acts, editor, opened, stored

__all__ = ["editor"]

LATER = NOW + HOUR
TODAY = LATER.date()
OUTCOME = OutcomeFacts("It was built.", TODAY, "The town hall", "https://town.example/bridge")
SURVEY = SurveyFacts(
    "An institute", "Adults of the town", "Do you want a bridge?", 1_000,
    date(2026, 10, 1), date(2026, 10, 3), (("Yes", 54), ("No", 46)), "https://institute.example/",
)  # fmt: skip


@pytest.fixture
def slug(editor):
    """A closed poll."""
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)
    close_now(slug, by=editor, now=LATER)
    return slug


def recorded(slug, facts=OUTCOME, *, by, revision=None, now=LATER):
    revision = revision or stored(slug).revision
    record_outcome(slug, facts, revision=revision, by=by, now=now, today=TODAY)


def added(slug, facts=SURVEY, *, by, revision=None):
    revision = revision or stored(slug).revision
    add_survey(slug, facts, revision=revision, by=by, now=LATER, today=TODAY)


def told(slug, now=LATER):
    return story_of(get_poll(slug, now=now))


def test_an_outcome_resolves_the_question_and_is_told(slug, editor):
    yes = stored(slug).options[0].id
    before = get_poll(slug, now=LATER)

    recorded(slug, replace(OUTCOME, option_id=yes), by=editor)

    assert (before.status, get_poll(slug, now=LATER).status) == ("closed", "resolved")
    assert [poll.status for poll in list_polls(now=LATER)] == ["resolved"]
    assert (told(slug).outcome.text, told(slug).outcome.label) == ("It was built.", "Yes")
    act, _, after, _ = acts()[-1]
    assert (act, after["option"], after["happened_on"]) == ("outcome.recorded", "Yes", "2026-11-22")


def test_a_changed_outcome_keeps_the_old_one_in_the_record(slug, editor):
    recorded(slug, by=editor)
    recorded(slug, by=editor)
    recorded(slug, replace(OUTCOME, text="It was not built."), by=editor, now=LATER + HOUR)

    assert [act[0] for act in acts()][3:] == ["outcome.recorded", "outcome.changed"]
    assert acts()[-1][1]["text"] == "It was built."
    assert told(slug).outcome.text == "It was not built."
    assert told(slug).outcome.recorded_at == LATER + HOUR


def test_a_watch_of_a_resolved_question_holds_and_notices_the_outcome(slug, editor):
    poll = get_poll(slug, now=LATER)
    is_unchanged = watch(poll, 0)
    assert is_unchanged(LATER)

    recorded(slug, by=editor)

    assert not is_unchanged(LATER)
    assert watch(get_poll(slug, now=LATER), 0)(LATER)


def test_an_outcome_is_refused_while_readers_can_vote(editor):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)

    with pytest.raises(Refusal, match="is open"):
        recorded(slug, by=editor)


def test_an_outcome_that_can_not_be_changes_nothing(slug, editor):
    with pytest.raises(Refusal) as refused:
        recorded(slug, replace(OUTCOME, option_id=10**6), by=editor)
    with pytest.raises(Outdated):
        recorded(slug, by=editor, revision=99)

    assert refused.value.field == "option_id"
    assert (stored(slug).outcome, len(acts())) == (None, 3)


def test_a_question_whose_outcome_is_known_is_not_reopened(slug, editor):
    recorded(slug, by=editor)

    with pytest.raises(Refusal, match="has an outcome"):
        reopen(
            slug, closes_at=None, reason="x", revision=stored(slug).revision, by=editor, now=LATER
        )


def test_a_reopening_is_told_with_its_reason(slug, editor):
    reopen(
        slug,
        closes_at=None,
        reason="An error.",
        revision=stored(slug).revision,
        by=editor,
        now=LATER + HOUR,
    )

    (reopening,) = told(slug, LATER + HOUR).reopenings
    assert (reopening.closed_at, reopening.at, reopening.reason) == (
        LATER,
        LATER + HOUR,
        "An error.",
    )


def test_a_survey_stands_beside_the_result_until_it_is_taken_away(slug, editor):
    added(slug, by=editor)

    (survey,) = told(slug).surveys
    assert (survey.institute, survey.shares) == ("An institute", SURVEY.shares)
    remove_survey(slug, survey.id, by=editor, now=LATER)
    assert told(slug).surveys == ()
    assert [act[0] for act in acts()][3:] == ["survey.added", "survey.removed"]
    assert acts()[-1][1]["shares"] == [["Yes", 54], ["No", 46]]
    with pytest.raises(NotFound):
        remove_survey(slug, survey.id, by=editor, now=LATER)


def test_surveys_that_can_not_be_are_refused(slug, editor):
    draft = add_draft(replace(NEW, question="Draft?"), by=editor, now=NOW)
    with pytest.raises(Refusal, match="is a draft"):
        added(draft, by=editor)
    with pytest.raises(Refusal):
        added(slug, replace(SURVEY, people=0), by=editor)
    with pytest.raises(Outdated):
        added(slug, by=editor, revision=99)
    for people in range(1, MAX_SURVEYS + 1):
        added(slug, replace(SURVEY, people=people), by=editor)
    with pytest.raises(Refusal, match="At most 5"):
        added(slug, by=editor)


def test_a_survey_stands_there_once(slug, editor):
    added(slug, by=editor)

    with pytest.raises(Refusal, match="stands here already"):
        added(slug, by=editor)


def test_stories_are_kept_while_nothing_changes(slug, editor):
    story = told(slug)

    assert told(slug) is story
    added(slug, by=editor)
    assert told(slug) is not story


def test_no_more_stories_are_kept_than_there_is_room_for(slug, editor):
    poll = get_poll(slug, now=LATER)
    story = told(slug)
    for n in range(1_001):
        salt = n.to_bytes(16, "big")
        story_of(replace(poll, voter_salt=salt, revision=(salt, 1, 0)))

    assert told(slug) is not story
