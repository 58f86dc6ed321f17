"""The list of polls and one poll as the desk sees it, on every database."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from poll_app.database import db
from poll_app.domain.refusals import NotFound
from poll_app.services.desk.outcomes import record_outcome
from poll_app.services.desk.poll_lists import (
    PAGE_SIZE,
    get_desk_poll,
    list_article_choices,
    list_desk_polls,
)
from poll_app.services.desk.poll_times import close_now
from poll_app.services.desk.polls import add_draft
from poll_app.services.desk.wording import reword
from tests.services.desk.test_outcomes import OUTCOME
from tests.services.desk.test_polls import HOUR, NEW, NOW, article, editor, opened, stored, vote

__all__ = ["article", "editor"]

LATER = NOW + HOUR


def draft(question, *, by, article_slug=None):
    return add_draft(replace(NEW, question=question), article_slug=article_slug, by=by, now=NOW)


def found(**details):
    return [line.question for line in list_desk_polls(now=LATER, **details).polls]


@pytest.fixture
def polls(services, editor, article):
    """A poll in each state, the first one on the article."""
    draft("Ärger im Rathaus?", by=editor, article_slug=article)
    opened(draft("Later?", by=editor), by=editor, opens_at=LATER + HOUR)
    vote(services, opened(draft("Open?", by=editor), by=editor), "Yes", now=NOW)
    close_now(opened(draft("Closed?", by=editor), by=editor), by=editor, now=LATER)
    slug = opened(draft("Resolved?", by=editor), by=editor)
    close_now(slug, by=editor, now=LATER)
    record_outcome(
        slug, OUTCOME, revision=stored(slug).revision, by=editor, now=LATER, today=LATER.date()
    )


@pytest.mark.usefixtures("polls")
def test_every_poll_is_listed_with_its_state_newest_first():
    listed = list_desk_polls(now=LATER)

    assert [(line.question, line.status, line.ballots) for line in listed.polls] == [
        ("Resolved?", "resolved", 0), ("Closed?", "closed", 0), ("Open?", "open", 1),
        ("Later?", "scheduled", 0), ("Ärger im Rathaus?", "draft", 0),
    ]  # fmt: skip
    assert set(listed.counts.values()) == {1}
    assert listed.polls[-1].article_title == "The town"
    assert not listed.more


@pytest.mark.usefixtures("polls")
@pytest.mark.parametrize(
    ("asked", "questions"),
    [
        ({"search": "ärger RATHAUS"}, ["Ärger im Rathaus?"]),
        ({"search": "the town"}, ["Ärger im Rathaus?"]),
        ({"search": "nothing like it"}, []),
        ({"state": "closed"}, ["Closed?"]),
        ({"state": "open", "search": "closed"}, []),
    ],
)
def test_the_list_is_narrowed_down_by_words_and_state(asked, questions):
    assert found(**asked) == questions


@pytest.mark.usefixtures("polls")
def test_the_list_takes_one_query_however_long_it_is(services, editor):
    for n in range(PAGE_SIZE):
        draft(f"Number {n}?", by=editor)
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    first, second = (list_desk_polls(now=LATER, page=page) for page in (1, 2))

    assert sum(text.startswith("SELECT") for text in statements) == 2
    assert (len(first.polls), first.more) == (PAGE_SIZE, True)
    assert (len(second.polls), second.more) == (5, False)


def test_one_poll_is_shown_whatever_its_state(services, editor, article):
    slug = draft("Will it rain?", by=editor, article_slug=article)

    poll = get_desk_poll(slug, now=NOW)

    assert (poll.status, poll.place, poll.article_slug, poll.is_fixed) == (
        "draft",
        1,
        article,
        False,
    )
    assert [hint.code for hint in poll.hints] == ["undated"]
    assert poll.wording.labels == ("Yes", "No", "Not sure")
    assert list_article_choices() == [(article, "The town")]


def test_replaced_and_unknown_polls_are_not_found(services, editor):
    slug = opened(draft("Is it so?", by=editor), by=editor)
    vote(services, slug, "Yes", now=NOW)
    new = replace(NEW, question="Is it otherwise?")
    reword(slug, new, reason="x", revision=stored(slug).revision, by=editor, now=LATER)

    assert found() == ["Is it otherwise?"]
    assert get_desk_poll(slug, now=LATER).view.wording_version == 2
    for gone in (f"{slug}-wording-1", "unknown"):
        with pytest.raises(NotFound):
            get_desk_poll(gone, now=LATER)
