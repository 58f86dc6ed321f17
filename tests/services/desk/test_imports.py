"""Storing what was imported, on every database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.accounts import COMMAND_LINE, Person
from poll_app.domain.article_text import ArticleText
from poll_app.domain.refusals import Refusal
from poll_app.models import Account, Article, Poll
from poll_app.services.articles import get_article
from poll_app.services.desk.imports import QuestionRefused, store_checked
from poll_app.services.poll_views import list_polls
from poll_app.services.polls import NewPoll
from tests.services.desk.test_articles import GOOD, HINTED, NOW, acts

pytestmark = pytest.mark.usefixtures("services")

TEXT = ArticleText("A headline", body="Some words.")
BARE = NewPoll("What will become of it all?")


@pytest.fixture
def person(services):
    with writing() as session:
        account = Account(email="e@paper.example", name="Ed", role="editor", created_at=NOW)
        session.add(account)
        session.flush()
        return Person(account.id, "Ed", account.email, "editor")


def store(*questions, publish=False, reason="", by=COMMAND_LINE):
    return store_checked(
        TEXT,
        list(enumerate(questions, 1)),
        publish=publish,
        reason=reason,
        by=by,
        now=NOW,
    )


def test_article_and_questions_are_stored_as_drafts():
    stored = store(GOOD, BARE)

    assert (stored.slug, stored.opened) == ("a-headline", 0)
    assert [(poll.question, poll.ready) for poll in stored.polls] == [
        (GOOD.question, True), (BARE.question, False),
    ]  # fmt: skip
    assert {poll.status for poll in list_polls(now=NOW, drafts=True)} == {"draft"}
    assert [act[0] for act in acts()] == ["article.added", "poll.added", "poll.added"]


def test_one_step_publishes_the_article_and_opens_each_complete_question():
    stored = store(GOOD, BARE, publish=True)

    assert stored.opened == 1
    assert [p.question for p in get_article("a-headline", now=NOW).polls] == [GOOD.question]
    assert [act[0] for act in acts()[-2:]] == ["article.published", "poll.opened"]


def test_hints_need_a_reason_to_publish_but_none_to_save():
    with pytest.raises(Refusal) as refused:
        store(HINTED, publish=True)

    assert refused.value.field == "reason"
    assert acts() == []
    assert store(HINTED).polls[0].ready
    assert store(HINTED, publish=True, reason="For today.").opened == 1


def test_a_second_click_stores_nothing_more(person):
    stored = store(GOOD, BARE, publish=True, by=person)
    before = acts()

    again = store(GOOD, BARE, publish=True, by=person)

    assert again == stored
    assert acts() == before


def test_two_clicks_at_the_same_moment_store_one_article(services, person):
    def click(_):
        with services.app_context():
            slug = store(GOOD, BARE, publish=True, by=person).slug
            db.session.remove()
            return slug

    with ThreadPoolExecutor(4) as pool:
        slugs = set(pool.map(click, range(4)))

    assert slugs == {"a-headline"}
    assert len(db.session.scalars(select(Poll)).all()) == 2


@pytest.mark.parametrize(
    "bad",
    [
        NewPoll("  ", options=("Yes", "No")),
        NewPoll("Join \u202eOTAN?", options=("Yes", "No")),
        NewPoll("x" * 301, options=("Yes", "No")),
        NewPoll("Why?", options=("Yes",)),
        NewPoll("Why?", options=("Yes", "yes")),
        NewPoll("Why?", options=tuple(str(n) for n in range(21))),
    ],
)
def test_a_question_that_cant_be_is_named_by_its_number_and_nothing_is_stored(bad):
    with pytest.raises(QuestionRefused) as refused:
        store(GOOD, bad, publish=True)

    assert refused.value.number == 2
    assert acts() == []
    assert db.session.scalars(select(Article)).all() == db.session.scalars(select(Poll)).all() == []
