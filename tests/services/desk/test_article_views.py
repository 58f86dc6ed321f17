"""The list of articles at the desk, on every database."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from poll_app.database import db
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.article_text import ArticleText
from poll_app.domain.voters import Voter
from poll_app.services.desk.article_views import (
    PAGE_SIZE,
    as_readers_will,
    get_desk_article,
    list_articles,
)
from poll_app.services.desk.articles import add_article, publish_article, withdraw_article
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.voting import cast_ballot
from tests.services.desk.test_articles import NOW

pytestmark = pytest.mark.usefixtures("services")


def add(title, state="draft", *, now=NOW, questions=(), **details):
    slug = add_article(ArticleText(title, **details), by=COMMAND_LINE, now=now)
    for text in questions:
        add_poll(NewPoll(text, options=("Yes", "No")), article_slug=slug, opens_at=NOW, now=NOW)
    if state != "draft":
        publish_article(slug, revision=1, questions=False, by=COMMAND_LINE, now=now)
    if state == "withdrawn":
        withdraw_article(slug, reason="x", by=COMMAND_LINE, now=now)
    return slug


def titles(**asked):
    return [article.text.title for article in list_articles(now=NOW, **asked).articles]


def test_articles_are_listed_newest_first_with_their_states_counted():
    add("Old")
    add("Young", "published", now=NOW + timedelta(hours=1))
    add("Gone", "withdrawn", now=NOW - timedelta(hours=1))

    found = list_articles(now=NOW)

    assert [(a.text.title, a.state) for a in found.articles] == [
        ("Young", "published"), ("Old", "draft"), ("Gone", "withdrawn"),
    ]  # fmt: skip
    assert found.counts == {"draft": 1, "published": 1, "withdrawn": 1}


@pytest.mark.parametrize(
    ("state", "shown"), [("draft", ["A"]), ("published", ["B"]), ("withdrawn", ["C"])]
)
def test_the_list_can_be_narrowed_down_to_a_state(state, shown):
    add("A")
    add("B", "published")
    add("C", "withdrawn")

    assert titles(state=state) == shown
    assert list_articles(state=state, now=NOW).counts.total() == 3


@pytest.mark.parametrize(
    "search",
    ["bridge", "BRIDGE", "The Br", "harbour news", "Ferry", "ärzte", "ÄRZTE", " bridge\0 "],
)
def test_a_search_finds_words_in_titles_sources_and_questions(search):
    add("Something else")
    add(
        "The bridge and the Ärzte", source="Harbour News", questions=["Shall the ferry go on?"],
    )  # fmt: skip

    assert titles(search=search) == ["The bridge and the Ärzte"]


@pytest.mark.parametrize("search", ["%", "_", "\\", "' OR 1=1 --", "bridge%"])
def test_the_signs_of_a_database_are_letters_in_a_search(search):
    add("The bridge")

    assert titles(search=search) == []


@pytest.mark.parametrize("search", ["", "  ", "\0", "\u202e"])
def test_a_search_for_nothing_finds_everything(search):
    add("The bridge")

    assert titles(search=search) == ["The bridge"]


def test_a_long_search_is_cut():
    add("x" * 150)

    assert titles(search="x" * 5_000) == ["x" * 150]


def test_a_long_list_has_pages_and_always_takes_the_same_number_of_queries():
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    add("First", questions=["One?"])
    list_articles(now=NOW)
    few = len(statements)
    for number in range(PAGE_SIZE):
        add(f"Article {number}", questions=[f"Question {number}?", "Another?"])
    statements.clear()

    first = list_articles(now=NOW)

    assert len(statements) <= few
    assert (len(first.articles), first.more, first.counts["draft"]) == (PAGE_SIZE, True, 51)
    second = list_articles(page=2, now=NOW)
    assert ([a.text.title for a in second.articles], second.more) == (["First"], False)


def test_each_question_comes_with_its_state_its_ballots_and_its_hints(services):
    slug = add("A", questions=["Will it rain?"])
    poll = get_poll("will-it-rain", now=NOW)
    cast_ballot(
        services.extensions["ballot_box"], poll, Voter("a reader", "a secret"),
        (poll.options[0].id,), shown={}, now=NOW,
    )  # fmt: skip

    (found,) = get_desk_article(slug, now=NOW).polls

    assert (found.view.status, found.ballots, found.ready) == ("open", 1, False)
    assert [hint.code for hint in found.hints] == ["undated", "not-sure"]


def test_a_preview_shows_drafts_that_have_their_options():
    slug = add("A")
    add_poll(NewPoll("One?", options=("Yes", "No")), article_slug=slug, opens_at=None, now=NOW)
    add_poll(NewPoll("Two?"), article_slug=slug, opens_at=None, now=NOW)

    shown = as_readers_will(get_desk_article(slug, now=NOW), now=NOW)

    assert [poll.question for poll in shown.polls] == ["One?"]
    assert shown.published_at == NOW
