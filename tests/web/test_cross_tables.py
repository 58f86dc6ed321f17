"""Comparing two questions of an article: chosen at the desk, told to readers, shown with its base."""

from datetime import UTC, datetime

import pytest

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast
from poll_app.models import Article
from poll_app.services.articles import put_article
from poll_app.services.desk.article_comparing import let_compare
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from tests.web.acts import words

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "/articles/piece/results"
NOTE = "Your answers to the questions of this article may be compared with each other"


def make_article(app, *, publish=True, compared=False):
    with app.app_context():
        with writing() as session:
            put_article(session, Article(title="Piece"), slug="piece", publish=publish, now=NOW)
        if compared:
            let_compare("piece", compared=True, by=COMMAND_LINE, now=NOW)


def add_question(app, slug, *, opens_at=NOW, **more):
    with app.app_context():
        new = NewPoll(f"Is it {slug}?", options=("Yes", "No"), slug=slug, **more)
        add_poll(new, article_slug="piece", opens_at=opens_at, now=NOW)


@pytest.fixture
def filled(app):
    """Two questions that may be compared, both answered by 120 readers."""
    make_article(app, compared=True)
    for slug in ("one", "two"):
        add_question(app, slug)
    with app.app_context():
        for slug, yes in (("one", range(60)), ("two", [*range(45), *range(75, 90)])):
            poll, now = get_poll(slug, now=datetime.now(UTC)), datetime.now(UTC)
            acts = [
                Cast(
                    poll.id, Voter(f"reader {n}", "secret").key_in(poll.voter_salt), now,
                    (poll.options[n not in yes].id,), (None,),
                )
                for n in range(120)
            ]  # fmt: skip
            app.extensions["ballot_box"].submit_all(acts)
    return app


def test_the_page_offers_two_questions_and_shows_what_is_chosen(filled, client):
    offered = words(client.get(PAGE))
    assert "Compare two questions" in offered
    assert "tells how readers" not in offered

    text = words(client.get(f"{PAGE}?rows=one&columns=two"))
    for line in (
        "Answers to “Is it two?”, by the answer to “Is it one?”",
        "Yes60 75%25%",
        "No60 25%75%",
    ):
        assert line.replace(" ", "") in text.replace(" ", "")
    assert "from the answers of 120 readers who answered both" in text
    assert "It does not tell why" in text


def test_the_table_as_json_is_that_of_the_page(filled, client):
    data = client.get("/api/v1/articles/piece/comparison?rows=one&columns=two").json

    assert (data["rows_poll"], data["columns_poll"], data["readers"]) == ("one", "two", 120)
    assert [row["percent_labels"] for row in data["rows"]] == [["75%", "25%"], ["25%", "75%"]]
    assert [row["answers"]["readers"] for row in data["rows"]] == [60, 60]
    assert [len(column["options"]) for column in data["columns"]] == [1, 1]
    assert "It does not tell why" in data["sentence"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("rows=one&columns=one", "Choose two different questions."),
        ("rows=one", "Choose two questions of this article that have opened."),
        ("rows=%00&columns=x", "Choose two questions of this article that have opened."),
    ],
)
def test_what_can_not_be_compared_is_said(filled, client, query, said):
    page = client.get(f"{PAGE}?{query}")

    assert page.status_code == 200
    assert said in words(page)
    data = client.get(f"/api/v1/articles/piece/comparison?{query}").json
    assert (data["sentence"], data["rows"], data["counted_at"]) == (said, None, None)


def test_an_article_whose_answers_are_kept_apart_offers_nothing(app, client):
    make_article(app)
    for slug in ("one", "two"):
        add_question(app, slug)

    assert "Compare two questions" not in words(client.get(PAGE))
    said = "Answers to these two questions are kept apart and can’t be compared."
    assert said in words(client.get(f"{PAGE}?rows=one&columns=two"))
    for path in ("/articles/piece", "/polls/one", "/embed/articles/piece"):
        assert NOTE not in words(client.get(path))


def test_readers_are_told_beside_the_questions(filled, client):
    for path in ("/articles/piece", "/polls/one", "/embed/articles/piece", "/embed/polls/one"):
        assert NOTE in words(client.get(path))


def test_an_editor_chooses_before_the_first_question_opens(app, client, editor):
    make_article(app, publish=False)
    add_question(app, "one", opens_at=None)
    at = "/editor/articles/piece"

    saved = editor.post(f"{at}/compare", data={"compared": "y"}, follow_redirects=True)
    assert "Answers may be compared." in words(saved)
    assert 'name="compared" value="y" id="compared" checked' in editor.get(at).text
    assert "Let answers to its questions be compared" not in words(client.get("/ledger/"))

    editor.post(f"{at}/publish", data={"revision": "3", "questions": "y"})
    back = editor.post(f"{at}/compare", data={"compared": "y"}, follow_redirects=True)
    assert back.status_code == 200


def test_once_a_question_has_opened_the_choice_is_refused_with_a_sentence(filled, editor, client):
    page = editor.post("/editor/articles/piece/compare", data={})

    assert page.status_code == 422
    assert "A question of this article has opened." in words(page)
    assert "so this can’t be changed any more" in words(editor.get("/editor/articles/piece"))
    assert "Let answers to its questions be compared Piece" in words(client.get("/ledger/"))
    assert editor.post("/editor/articles/none/compare").status_code == 404
