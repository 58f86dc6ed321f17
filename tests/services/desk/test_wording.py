"""Words that readers have answered: corrected, or replaced by a new wording, on every database."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.refusals import Moved, NotOpen, Outdated, Refusal
from poll_app.domain.voters import Voter
from poll_app.domain.wording import Wording
from poll_app.models import Ballot, Poll, Tally
from poll_app.services.desk.outcomes import add_survey
from poll_app.services.desk.poll_times import close_now
from poll_app.services.desk.polls import add_draft, edit_poll
from poll_app.services.desk.wording import correct_wording, reword
from poll_app.services.poll_stories import list_earlier_results, story_of, wording_at
from poll_app.services.poll_views import get_poll, list_polls
from poll_app.services.polls import NewPoll
from poll_app.services.record_pages import list_ledger
from poll_app.services.recount import recount
from poll_app.services.results import get_result
from poll_app.services.voting import cast_ballot
from tests.services.desk.test_outcomes import SURVEY
from tests.services.desk.test_polls import (
    HOUR,
    NEW,
    NOW,
    acts,
    article,
    editor,
    opened,
    stored,
    vote,
)

__all__ = ["article", "editor"]

LATER = NOW + HOUR
TYPO = replace(NEW, question="Shoud the town build a brigde?", options=("Yess", "No"))
RIGHT = Wording("Should the town build a bridge?", ("Yes", "No", "Not sure"))
OTHER = NewPoll(
    "Should the town build a tunnel?", options=("Yes", "No", "Later"), not_sure="Not sure"
)


@pytest.fixture
def slug(services, editor, article):
    """An open poll with a typing mistake and one ballot."""
    slug = opened(add_draft(TYPO, article_slug=article, by=editor, now=NOW), by=editor)
    vote(services, slug, "Yess", now=NOW)
    return slug


def corrected(slug, wording, *, by, revision=None):
    revision = revision or stored(slug).revision
    correct_wording(slug, wording, revision=revision, by=by, now=LATER)


def reworded(slug, new=OTHER, *, by, now=LATER, reason="It is about a tunnel.", revision=None):
    revision = revision or stored(slug).revision
    reword(slug, new, reason=reason, revision=revision, by=by, now=now)


def result(slug, now=LATER, **more):
    return get_result(get_poll(slug, now=now), now=now, percent_from=10, **more)


def figures(slug, now=LATER):
    return {o.label: o.votes for o in result(slug, now).options}


def test_a_correction_keeps_votes_and_tells_readers(slug, editor):
    corrected(slug, RIGHT, by=editor)

    poll = get_poll(slug, now=LATER)
    assert (poll.question, poll.wording_version) == (RIGHT.question, 1)
    assert figures(slug) == {"Yes": 1, "No": 0, "Not sure": 0}
    (correction,) = story_of(poll).corrections
    assert correction.at == LATER
    assert correction.changes == ((TYPO.question, RIGHT.question), ("Yess", "Yes"))
    assert acts()[-1][:3] == (
        "poll.corrected",
        {"question": TYPO.question, "options": ["Yess"]},
        {"question": RIGHT.question, "options": ["Yes"]},
    )
    assert recount() == []


def test_a_correction_of_one_text_records_only_that(slug, editor):
    corrected(slug, replace(RIGHT, labels=("Yess", "No", "Not sure")), by=editor)
    corrected(slug, replace(RIGHT, labels=("Yes", "No", "Not sure")), by=editor)

    assert [act[2] for act in acts()[-2:]] == [{"question": RIGHT.question}, {"options": ["Yes"]}]


@pytest.mark.parametrize(
    "wording",
    [
        replace(RIGHT, question="Should the town not build a bridge?"),
        replace(RIGHT, labels=("No", "Yess", "Not sure")),
        replace(RIGHT, labels=("Yes", "No")),
        replace(RIGHT, question=" "),
        Wording(TYPO.question, ("Yess", "No", "Not sure")),
    ],
)
def test_a_correction_that_does_more_changes_nothing(slug, editor, wording):
    before = acts()

    with pytest.raises(Refusal):
        corrected(slug, wording, by=editor)

    assert stored(slug).question == TYPO.question
    assert acts() == before


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        (replace(RIGHT, question="Should the twon build a bridge?"), "From “Shoud the town"),
        (replace(RIGHT, labels=("Yees", "No", "Not sure")), "From “Yess” to “Yees”"),
    ],
)
def test_corrections_are_measured_by_the_words_that_were_answered_first(
    slug, editor, wording, told
):
    corrected(slug, replace(RIGHT, labels=("Yess", "No", "Not sure")), by=editor)
    corrected(slug, RIGHT, by=editor)

    with pytest.raises(Refusal, match=told):
        corrected(slug, wording, by=editor)


def test_a_correction_on_top_of_an_unseen_one_is_refused(slug, editor):
    seen = stored(slug).revision
    corrected(slug, RIGHT, by=editor)

    with pytest.raises(Outdated):
        corrected(slug, replace(RIGHT, question=TYPO.question), by=editor, revision=seen)


def test_without_a_ballot_there_is_nothing_to_correct_or_replace(editor):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)

    for act in (lambda: corrected(slug, RIGHT, by=editor), lambda: reworded(slug, by=editor)):
        with pytest.raises(Refusal, match="Nobody has answered yet"):
            act()


def test_a_new_wording_takes_over_the_address_with_ballots_of_its_own(
    services, slug, editor, article
):
    seen = get_poll(slug, now=NOW)
    add_survey(slug, SURVEY, revision=stored(slug).revision, by=editor, now=NOW, today=NOW.date())

    reworded(slug, by=editor)

    new, old = stored(slug), stored(f"{slug}-wording-1")
    assert (new.question, new.wording_version, new.opens_at, new.closes_at) == (
        OTHER.question,
        2,
        LATER,
        None,
    )
    assert (new.article_id, new.place) == (old.article_id, old.place)
    assert new.voter_salt != old.voter_salt
    assert (old.replaced_by_id, old.closes_at, old.wording_version) == (new.id, LATER, 1)
    assert figures(slug) == {"Yes": 0, "No": 0, "Later": 0, "Not sure": 0}
    vote(services, slug, "Later", now=LATER)
    assert figures(slug)["Later"] == 1
    story = story_of(get_poll(slug, now=LATER))
    (earlier,) = list_earlier_results(story, beside=result(slug), percent_from=10)
    assert (earlier.poll.slug, earlier.poll.wording_version, earlier.poll.status) == (
        slug,
        1,
        "closed",
    )
    assert [o.votes for o in earlier.options] == [1, 0, 0]
    assert earlier.poll.question == seen.question
    assert [survey.institute for survey in story.surveys] == [SURVEY.institute]
    assert [act.act for act in story.acts] == ["poll.opened", "survey.added", "poll.reworded"]
    assert story.acts[-1].reason == "It is about a tunnel."
    assert recount() == []


def test_a_new_wording_with_hints_asks_why_and_keeps_that_from_readers(slug, editor):
    leading = replace(OTHER, question="Surely the town should build a tunnel?")
    with pytest.raises(Refusal) as refused:
        reworded(slug, leading, by=editor)
    assert (refused.value.field, stored(slug).wording_version) == ("in_spite", 1)

    reword(slug, leading, reason="It is about a tunnel.", in_spite="A quotation.",
           revision=stored(slug).revision, by=editor, now=LATER)  # fmt: skip

    after = acts()[-1][2]
    assert (after["hints"], after["in_spite"]) == (["leading"], "A quotation.")
    public = list_ledger(slug).acts[0]
    assert (public.act, public.reason) == ("poll.reworded", "It is about a tunnel.")
    assert not {"hints", "in_spite"} & public.after.keys()


def test_the_figures_of_an_earlier_wording_keep_their_checksum(slug, editor):
    before = result(slug, NOW).checksum

    reworded(slug, by=editor)

    story = story_of(get_poll(slug, now=LATER))
    (earlier,) = list_earlier_results(story, beside=result(slug), percent_from=10)
    assert earlier.checksum == before


@pytest.mark.parametrize(
    ("policy", "has_voted", "visible"),
    [("after_close", True, False), ("after_vote", False, False), ("after_vote", True, True)],
)
def test_the_figures_of_an_earlier_wording_are_seen_where_those_of_the_present_one_are(
    slug, editor, policy, has_voted, visible
):
    reworded(slug, replace(OTHER, results_policy=policy), by=editor)

    present = result(slug, has_voted=has_voted)
    story = story_of(get_poll(slug, now=LATER))
    (earlier,) = list_earlier_results(story, beside=present, percent_from=10)

    assert present.visible == earlier.visible == visible
    assert [o.votes for o in earlier.options] == ([1, 0, 0] if visible else [None] * 3)
    assert visible or earlier.sentence == present.sentence


def test_a_result_as_of_a_moment_is_that_of_the_wording_of_then(slug, editor):
    first = get_poll(slug, now=NOW)
    assert wording_at(first, LATER) == first

    reworded(slug, by=editor)

    poll = get_poll(slug, now=LATER)
    moments = (NOW - HOUR, NOW, LATER - timedelta(seconds=1), LATER)
    assert [wording_at(poll, moment).wording_version for moment in moments] == [2, 1, 1, 2]
    assert wording_at(poll, NOW).slug == slug


def test_lists_show_the_present_wording_alone_and_the_old_address_leads_to_it(
    services, slug, editor
):
    reworded(slug, by=editor)
    vote(services, slug, "Later", now=LATER)
    reworded(slug, replace(OTHER, question="A third one?"), by=editor, now=LATER + HOUR)

    assert [(poll.slug, poll.wording_version) for poll in list_polls(now=LATER + HOUR)] == [
        (slug, 3)
    ]
    for n in (1, 2):
        with pytest.raises(Moved) as moved:
            get_poll(f"{slug}-wording-{n}", now=LATER + HOUR)
        assert moved.value.slug == slug
    story = story_of(get_poll(slug, now=LATER + HOUR))
    assert [poll.wording_version for poll in story.earlier] == [2, 1]


def test_an_answer_to_the_old_words_counts_nowhere(services, slug, editor):
    seen = get_poll(slug, now=NOW)
    reworded(slug, by=editor)
    box, reader = services.extensions["ballot_box"], Voter("another", "a secret")

    with pytest.raises(NotOpen):
        cast_ballot(box, seen, reader, [seen.options[0].id], now=LATER)
    with pytest.raises(Refusal, match="does not belong"):
        cast_ballot(box, get_poll(slug, now=LATER), reader, [seen.options[0].id], now=LATER)

    assert len(db.session.scalars(select(Ballot.poll_id)).all()) == 1


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"new": replace(TYPO)}, "Nothing was changed"),
        ({"reason": " "}, "Say why"),
        ({"new": replace(OTHER, options=("One",))}, "2 to 19"),
        ({"new": replace(OTHER, question="")}, "Enter some text"),
    ],
)
def test_a_new_wording_that_can_not_be_changes_nothing(slug, editor, change, text):
    with pytest.raises(Refusal, match=text):
        reworded(slug, by=editor, **change)

    assert stored(slug).closes_at is None
    assert len(db.session.scalars(select(Poll.id)).all()) == 1


def test_the_same_reword_sent_twice_makes_one_wording(slug, editor):
    seen = stored(slug).revision
    reworded(slug, by=editor, revision=seen)

    with pytest.raises(Refusal):
        reworded(slug, by=editor, revision=seen)

    assert len(db.session.scalars(select(Poll.id)).all()) == 2


def test_only_an_open_question_takes_a_new_wording(slug, editor):
    close_now(slug, by=editor, now=LATER)

    with pytest.raises(Refusal, match="is closed"):
        reworded(slug, by=editor)


def test_the_place_among_the_articles_questions_stays(services, slug, editor, article):
    other = add_draft(replace(NEW, question="Second?"), article_slug=article, by=editor, now=NOW)

    reworded(slug, by=editor)
    edit_poll(
        other,
        None,
        article_slug=article,
        place=9,
        revision=stored(other).revision,
        by=editor,
        now=LATER,
    )

    assert (stored(slug).place, stored(other).place) == (0, 1)


def test_a_long_address_is_cut_for_its_number(services, editor):
    new = replace(NEW, question="a" * 90)
    slug = opened(add_draft(new, by=editor, now=NOW), by=editor)
    vote(services, slug, "Yes", now=NOW)

    reworded(slug, by=editor)

    (old,) = (p.slug for p in db.session.scalars(select(Poll)) if p.replaced_by_id)
    assert len(old) <= 80
    assert old.endswith("-wording-1")


def test_votes_that_race_with_a_new_wording_are_counted_once_or_refused(services, slug, editor):
    seen, revision = get_poll(slug, now=NOW), stored(slug).revision
    db.session.remove()
    box = services.extensions["ballot_box"]
    outcomes = []

    def readers(number):
        with services.app_context():
            for n in range(20):
                voter = Voter(f"reader {number} {n}", "a secret")
                try:
                    now = NOW + timedelta(seconds=n)
                    outcomes.append(cast_ballot(box, seen, voter, [seen.options[0].id], now=now))
                except Refusal:
                    outcomes.append(None)

    threads = [threading.Thread(target=readers, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    reword(
        slug,
        OTHER,
        reason="Why not.",
        revision=revision,
        by=editor,
        now=NOW + timedelta(seconds=10),
    )
    for thread in threads:
        thread.join()

    counted = 1 + sum(outcome is not None for outcome in outcomes)
    held = db.session.execute(
        select(Poll.wording_version, Tally.votes)
        .join(Tally, Tally.poll_id == Poll.id)
        .where(Tally.votes > 0)
    ).all()
    assert held == [(1, counted)]
    assert len(outcomes) == 80
    assert recount() == []
