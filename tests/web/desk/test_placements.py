"""Places at the desk: the list, what can be done to each, links and embed code for each of them."""

import re

import pytest

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.models import Article
from poll_app.services.articles import put_article
from poll_app.services.desk.placements import add_placement
from poll_app.services.polls import NewPoll, add_poll
from tests.conftest import NOW
from tests.web.acts import words


@pytest.fixture
def place(app):
    """The number of a place."""
    with app.app_context():
        add_placement("Newsletter & more", by=COMMAND_LINE, now=NOW)
    return 1


def test_a_desk_without_places_says_that_ballots_count_all_the_same(editor):
    assert "No place is named yet." in words(editor.get("/editor/places"))


def test_a_place_is_named_renamed_retired_and_brought_back(editor):
    added = editor.post("/editor/places", data={"name": " Home page "}, follow_redirects=True)
    assert "“Home page” is offered beside the embed code" in words(added)

    renamed = editor.post(
        "/editor/places/1/rename", data={"place-1-name": "Front page"}, follow_redirects=True
    )
    assert "Front page" in words(renamed)
    assert "Home page" not in words(renamed)

    retired = editor.post("/editor/places/1/retire", follow_redirects=True)
    assert "Front page Retired" in words(retired)
    restored = editor.post("/editor/places/1/restore", follow_redirects=True)
    assert "Front page Retired" not in words(restored)


@pytest.mark.parametrize(
    ("path", "field"), [("/editor/places", "name"), ("/editor/places/1/rename", "place-1-name")]
)
def test_a_name_that_can_not_be_is_refused_beside_its_field(editor, place, path, field):
    for name in ("", "x" * 61):
        page = editor.post(path, data={field: name})

        assert page.status_code == 422
        assert f'href="#{field}"' in page.text
        assert page.text.count('aria-invalid="true"') == 1


def test_a_place_that_there_is_not_is_not_found(editor):
    for path in ("rename", "retire", "restore"):
        assert editor.post(f"/editor/places/7/{path}").status_code == 404
    assert editor.post("/editor/places/99999999999/retire").status_code == 404


@pytest.mark.parametrize("kind", ["poll", "article"])
def test_each_place_has_a_link_and_an_embed_code_that_lead_there(app, editor, place, kind):
    with app.app_context():
        with writing() as session:
            put_article(session, Article(title="Piece"), slug="piece", publish=True, now=NOW)
        new = NewPoll("Which?", options=("Yes", "No"), slug="which")
        add_poll(new, article_slug="piece", opens_at=NOW, now=NOW)
    folder, slug = ("polls", "which") if kind == "poll" else ("articles", "piece")

    page = editor.get(f"/editor/{folder}/{slug}")

    assert "For the place “Newsletter & more”" in words(page)
    link = re.search(rf"http://[^/]+(/{folder}/{slug}\?at=1-[\w-]{{12}})\b", page.text)[1]
    frame = re.search(rf"(/embed/{folder}/{slug}\?at=1-[\w-]{{12}})", page.text)[1]
    for address in (link, frame):
        assert 'name="at" value="1-' in app.test_client().get(address).text


def test_a_retired_place_is_no_longer_offered_but_its_link_counts(app, editor, place, new_poll):
    slug = new_poll("Which?").slug
    link = re.search(r"(/polls/\S+\?at=1-[\w-]{12})", editor.get(f"/editor/polls/{slug}").text)[1]

    editor.post("/editor/places/1/retire")

    assert "For the place" not in words(editor.get(f"/editor/polls/{slug}"))
    assert 'name="at"' in app.test_client().get(link).text
