"""Storing what was imported, on every database."""

import pytest
from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.article_text import ArticleText
from poll_app.domain.refusals import Refusal
from poll_app.models import Article, Poll
from poll_app.services.articles import get_article
from poll_app.services.desk.imports import QuestionRefused, store_checked
from poll_app.services.poll_views import list_polls
from poll_app.services.polls import NewPoll
from tests.services.desk.test_articles import GOOD, HINTED, NOW, acts

pytestmark = pytest.mark.usefixtures("services")

TEXT = ArticleText("A headline", body="Some words.")
BARE = NewPoll("What will become of it all?")


def store(*questions, publish=False, reason=""):
    return store_checked(
        TEXT,
        list(enumerate(questions, 1)),
        publish=publish,
        reason=reason,
        by=COMMAND_LINE,
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
