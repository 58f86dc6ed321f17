"""Adding and finding polls, on every database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.articles import is_slug
from poll_app.domain.polls import MAX_OPTION_LENGTH, MAX_QUESTION_LENGTH, METHODS, RESULTS_POLICIES
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.models import Poll
from poll_app.services.poll_views import get_poll, list_polls
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.sample import SLUG, load_sample

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
YES_NO = ("Yes", "No")

pytestmark = pytest.mark.usefixtures("services")


def count_polls():
    db.session.rollback()
    return len(db.session.scalars(select(Poll.id)).all())


def test_a_poll_is_found_as_it_was_made():
    new = NewPoll(
        "  Which \n way? ", options=("Left", "Right", "On"), not_sure=" Not  sure ",
        method="multiple", min_choices=2, max_choices=3, results_policy="after_vote",
    )  # fmt: skip

    slug = add_poll(new, opens_at=NOW, closes_at=NOW + HOUR, now=NOW)

    poll = get_poll(slug, now=NOW)
    assert (poll.slug, poll.question, poll.method) == ("which-way", "Which way?", "multiple")
    assert (poll.min_choices, poll.max_choices, poll.results_policy) == (2, 3, "after_vote")
    assert (poll.status, poll.opens_at, poll.closes_at) == ("open", NOW, NOW + HOUR)
    assert [(o.label, o.not_sure) for o in poll.options] == [
        ("Left", False), ("Right", False), ("On", False), ("Not sure", True),
    ]  # fmt: skip
    assert (poll.article_slug, poll.language, poll.wording_version) == (None, None, 1)


def test_not_sure_stays_last_and_is_left_out_where_it_is_not_wanted():
    slug = add_poll(NewPoll("Or?", options=YES_NO), opens_at=NOW, now=NOW)

    assert [option.label for option in get_poll(slug, now=NOW).options] == ["Yes", "No"]


def test_one_answer_is_taken_by_default_and_any_number_where_several_may_be_chosen():
    one = get_poll(add_poll(NewPoll("A?", options=("a", "b", "c")), opens_at=NOW, now=NOW), now=NOW)
    new = NewPoll("B?", options=("a", "b", "c"), not_sure="?", method="multiple")
    several = get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)

    assert (one.max_choices, several.max_choices) == (1, 3)


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("Is this it?", ["is-this-it", "is-this-it-2", "is-this-it-3"]),
        ("Чи це воно?", ["question", "question-2", "question-3"]),
        ("x" * 90 + "?", ["x" * 80, "x" * 74 + "-2", "x" * 74 + "-3"]),
        ("x" * 73 + " abcdef?", ["x" * 73 + "-abcdef", "x" * 73 + "-2", "x" * 73 + "-3"]),
    ],
)
def test_a_proposed_address_is_numbered_where_it_is_taken(question, slugs):
    made = [add_poll(NewPoll(question, options=YES_NO), opens_at=NOW, now=NOW) for _ in slugs]

    assert made == slugs
    assert all(is_slug(slug) for slug in made)


def test_the_address_asked_for_is_given_once():
    new = NewPoll("Is this it?", options=YES_NO, slug="asked-for")

    assert add_poll(new, opens_at=NOW, now=NOW) == "asked-for"
    with pytest.raises(Refusal, match="“asked-for” is taken") as refused:
        add_poll(new, opens_at=NOW, now=NOW)
    assert (refused.value.field, count_polls()) == ("slug", 1)


@pytest.mark.parametrize("slug", ["", "No", "a b", "a/../b", "x" * 81, "ä"])
def test_an_address_that_is_none_is_refused(slug):
    with pytest.raises(Refusal, match="An address holds") as refused:
        add_poll(NewPoll("Is this it?", options=YES_NO, slug=slug), opens_at=NOW, now=NOW)

    assert (refused.value.field, count_polls()) == ("slug", 0)


@pytest.mark.parametrize("bad", ["", " \u3164 ", "No\u202et", "a\x00b"])
@pytest.mark.parametrize("part", ["question", "option", "not_sure"])
def test_a_text_that_shows_nothing_or_misleads_is_refused(part, bad):
    texts = {"question": "Is it?", "option": "Yes", "not_sure": "Not sure"} | {part: bad}
    new = NewPoll(texts["question"], options=(texts["option"], "No"), not_sure=texts["not_sure"])

    with pytest.raises(Refusal) as refused:
        add_poll(new, opens_at=NOW, now=NOW)

    assert (refused.value.field, count_polls()) == (
        "question" if part == "question" else "option",
        0,
    )


@pytest.mark.parametrize("over", [0, 1])
def test_questions_and_options_keep_their_lengths(over):
    question, label = "q" * (MAX_QUESTION_LENGTH + over), "o" * (MAX_OPTION_LENGTH + over)
    for new in (NewPoll(question, options=YES_NO), NewPoll("Is it?", options=(label, "No"))):
        if over:
            with pytest.raises(Refusal, match="Use at most"):
                add_poll(new, opens_at=NOW, now=NOW)
        else:
            add_poll(new, opens_at=NOW, now=NOW)

    assert count_polls() == (0 if over else 2)


@pytest.mark.parametrize(
    ("new", "text"),
    [
        (NewPoll("Is it?"), "Give 2 to 20 options"),
        (NewPoll("Is it?", options=("Yes",)), "Give 2 to 20 options"),
        (NewPoll("Is it?", options=[str(n) for n in range(20)], not_sure="?"), "Give 2 to 19"),
        (NewPoll("Is it?", options=("Yes", "yes")), "Two options are the same"),
        (NewPoll("Is it?", options=YES_NO, not_sure="No"), "Two options are the same"),
        (NewPoll("Is it?", options=YES_NO, method="ranking"), "There is no such method"),
        (NewPoll("Is it?", options=YES_NO, method="multiple", max_choices=3), "number of choices"),
    ],
)
def test_what_a_poll_can_not_be_is_refused_and_not_stored(new, text):
    with pytest.raises(Refusal, match=text):
        add_poll(new, opens_at=NOW, now=NOW)

    assert count_polls() == 0


@pytest.mark.parametrize("hours", [0, -1])
def test_a_poll_that_closes_before_it_opens_is_refused(hours):
    with pytest.raises(Refusal, match="close after it has opened") as refused:
        add_poll(
            NewPoll("Is it?", options=YES_NO), opens_at=NOW, closes_at=NOW + hours * HOUR, now=NOW
        )

    assert (refused.value.field, count_polls()) == ("closes_at", 0)


def test_a_draft_may_wait_for_its_options_and_is_hidden():
    slug = add_poll(NewPoll("Which one?"), opens_at=None, now=NOW)

    with pytest.raises(NotFound):
        get_poll(slug, now=NOW + 1000 * HOUR)
    assert list_polls(now=NOW) == []
    assert [poll.slug for poll in list_polls(now=NOW, drafts=True)] == [slug]


def test_an_unknown_poll_is_not_found():
    with pytest.raises(NotFound, match="There is no such question"):
        get_poll("unknown", now=NOW)


def test_polls_are_listed_newest_opening_first_and_drafts_last():
    for name, opens_at in (
        ("old", NOW - HOUR),
        ("draft", None),
        ("next", NOW + HOUR),
        ("recent", NOW),
    ):
        add_poll(NewPoll(f"{name}?", options=YES_NO), opens_at=opens_at, now=NOW)

    listed = [(poll.slug, poll.status) for poll in list_polls(now=NOW, drafts=True)]

    assert listed == [
        ("next", "scheduled"),
        ("recent", "open"),
        ("old", "open"),
        ("draft", "draft"),
    ]


def test_a_poll_joins_its_article_as_the_last_one():
    load_sample(now=NOW)

    slug = add_poll(NewPoll("One more?", options=YES_NO), article_slug=SLUG, opens_at=NOW, now=NOW)

    poll = get_poll(slug, now=NOW)
    assert (poll.article_slug, poll.language) == (SLUG, "en")
    assert [p.slug for p in list_polls(now=NOW) if p.article_slug == SLUG][-1] == slug


def test_a_poll_for_an_unknown_article_is_refused():
    with pytest.raises(NotFound, match="There is no article “nowhere”"):
        add_poll(NewPoll("Or?", options=YES_NO), article_slug="nowhere", opens_at=NOW, now=NOW)

    assert count_polls() == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("policy", RESULTS_POLICIES)
def test_every_method_and_every_policy_can_be_stored(method, policy):
    new = NewPoll("Or?", options=YES_NO, method=method, results_policy=policy)

    poll = get_poll(add_poll(new, opens_at=NOW, now=NOW), now=NOW)

    assert (poll.method, poll.results_policy) == (method, policy)


def test_a_time_without_a_zone_is_not_stored():
    with pytest.raises(Exception, match="a time without a zone"):
        add_poll(NewPoll("Or?", options=YES_NO), opens_at=NOW.replace(tzinfo=None), now=NOW)

    assert count_polls() == 0


def test_times_come_back_as_they_went_in_whatever_their_zone():
    kyiv = datetime.fromisoformat("2026-11-22T14:30:00+02:00")

    poll = get_poll(add_poll(NewPoll("Or?", options=YES_NO), opens_at=kyiv, now=NOW), now=NOW)

    assert poll.opens_at == NOW
    assert poll.opens_at.utcoffset() == timedelta(0)
