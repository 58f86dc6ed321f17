"""When and how readers discuss an article: set at the desk in the newsroom's zone, and recorded."""

from datetime import UTC, datetime, timedelta

import pytest

from poll_app.services.polls import NewPoll
from tests.desk_client import signed_in_client
from tests.web.acts import element, everything, new_article, rows, title, words

PATH = "/editor/articles/an-article/discussion"
BRIDGE = NewPoll("Should the bridge close?", options=("Yes", "No"))
NOW_ON = {"opens": "now", "closes": "never", "moderation": "before"}
STORED = "SELECT discussion_opens_at, discussion_closes_at, moderation FROM articles"


@pytest.fixture
def article(app):
    new_article(app, BRIDGE)


@pytest.fixture
def acts(app):
    return lambda: rows(app, "SELECT act, subject FROM acts WHERE act = 'article.discussion'")


def send(client, **data):
    revision = element(client.get(PATH), name="revision").get("value")
    return client.post(PATH, data={"revision": revision, **data})


def test_an_article_says_that_nobody_discusses_it_and_offers_to_open_that(article, editor):
    page = editor.get("/editor/articles/an-article")

    assert "Readers can’t discuss this article." in words(page)
    assert f'href="{PATH}"' in page.text


def test_a_discussion_is_opened_closed_and_recorded(app, article, editor, acts):
    page = editor.get(send(editor, **NOW_ON).location)
    assert "Readers discuss it; no end is set. Everything is read before it is shown." in words(
        page
    )
    opened = rows(app, STORED)

    editor.get(send(editor, opens="at", **shown(editor, "opens"), closes="never",
                    moderation="before").location)  # fmt: skip
    assert rows(app, STORED) == opened  # a form that was left alone changes nothing
    assert len(acts()) == 1

    page = editor.get(send(editor, opens="at", **shown(editor, "opens"), closes="now",
                           moderation="after").location)  # fmt: skip
    assert "The discussion closed on" in words(page)
    assert rows(app, STORED)[0][0] == opened[0][0]
    assert len(acts()) == 2
    assert "Everything is shown at once" in words(editor.get("/editor/log"))


def shown(client, side):
    page = client.get(PATH)
    return {name: element(page, name=name).get("value") for name in (f"{side}_day", f"{side}_time")}


def test_times_are_those_of_the_newsroom(make_app, article):
    app = make_app(POLL_TIME_ZONE="Europe/Berlin")
    editor = signed_in_client(app, "editor")
    day = (datetime.now(UTC) + timedelta(days=400)).year

    send(editor, opens="at", opens_day=f"{day}-07-01", opens_time="09:30", closes="never",
         moderation="after")  # fmt: skip

    assert rows(app, STORED)[0][0].startswith(f"{day}-07-01 07:30")
    assert element(editor.get(PATH), name="opens_time").get("value") == "09:30"


@pytest.mark.parametrize(
    ("data", "said", "field"),
    [
        ({"moderation": "never"}, "Choose when texts are read.", "moderation"),
        ({"opens": "at", "opens_day": "2020-01-01", "opens_time": "10:00"}, "This time has passed.",
         "opens_day"),
        ({"opens": "at", "opens_day": "2999-01-01", "opens_time": "10:00"},
         "within the next ten years", "opens_day"),
        ({"closes": "at", "closes_day": "tomorrow"}, "Write the date as year-month-day",
         "closes_day"),
        ({"opens": "now", "closes": "now"}, "has to close after it has opened", "closes_day"),
        ({"closes": "at", "closes_day": "2020-01-01", "closes_time": "10:00"},
         "This time has passed.", "closes_day"),
        ({"closes_day": "2099-01-01"}, "This would not be used", "closes_day"),
        ({"opens": "never", "closes": "at", "closes_day": "2099-01-01"}, "This would not be used",
         "closes_day"),
        ({"title": "Another"}, "fields that do not belong to it", None),
        ({"reason": "Because"}, "fields that do not belong to it", None),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_beside_its_field(app, article, editor, data, said, field):
    before = everything(app)

    page = send(editor, **{**NOW_ON, **data})

    assert page.status_code == 422
    assert title(page).startswith("Error: ")
    assert said in words(page)
    assert field is None or f'href="#{field}"' in page.text
    assert everything(app) == before


def test_the_second_of_two_editors_sees_what_the_first_has_saved(app, article, editor, acts):
    revision = element(editor.get(PATH), name="revision").get("value")
    send(editor, **NOW_ON)

    page = editor.post(PATH, data={"revision": revision, **NOW_ON, "moderation": "after"})

    assert page.status_code == 409
    assert "What differs" in words(page)
    assert len(acts()) == 1
    again = element(page, name="revision").get("value")
    assert editor.post(PATH, data={"revision": again, **NOW_ON}).status_code == 303


def test_an_article_that_there_is_not_is_not_found(editor):
    for answer in (editor.get(PATH), editor.post(PATH, data={"revision": "1", **NOW_ON})):
        assert answer.status_code == 404
