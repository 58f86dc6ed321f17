"""One text at the desk: its history, replies to it and a reply of the newsroom, erasing its words."""

from datetime import UTC, datetime

import pytest

from poll_app.services.discussion.writing import delete_reason, edit_reason
from poll_app.web.desk.moderation import ago
from tests.services.discussion.readers import SITE_NAME, draft, reader
from tests.web.acts import everything, rows, title, words
from tests.web.desk.texts import LONG, QUEUE, Texts


@pytest.fixture
def texts(app):
    return Texts(app)


@pytest.fixture
def poll(texts):
    return texts.poll()


@pytest.fixture
def number(texts, poll):
    """A published text."""
    return texts.published(poll, name="Anna", who="anna")


def test_a_text_stands_with_what_it_said_before_and_what_was_decided(app, number, moderator):
    with app.app_context():
        now = datetime.now(UTC)
        words_now = draft("It is the only road to the school, and I was wrong about the detour.")
        edit_reason(number, reader("anna"), words_now, site_name=SITE_NAME, now=now)

    said = words(moderator.get(f"{QUEUE}/{number}"))

    assert "I was wrong about the detour." in said.partition("Before it was changed")[0]
    assert LONG in said.partition("Before it was changed")[2]
    assert "Published or kept a reader’s text Somebody" in said
    assert "Nobody has replied." in said


def test_decisions_about_other_texts_of_the_same_writer_are_told(texts, poll, number, moderator):
    texts.held(poll, "No", who="ben")
    own = texts.reply(number, who="ben")
    other = texts.reply(number, "You would say that, would you not.", who="ben")
    moderator.post(
        f"{QUEUE}/{other}/decide", data={"revision": "1", "decision": "reject", "code": "insult"}
    )

    page = moderator.get(f"{QUEUE}/{own}")

    assert "Rejected a reader’s text: It insults somebody. Moderator Person ·" in words(page)
    assert f"It insults somebody. Text {other}" in words(moderator.get(QUEUE))
    assert f'href="{QUEUE}/{other}"' in page.text
    assert f'href="{QUEUE}/{number}"' in page.text  # what it replies to
    assert "In reply to: " + LONG in words(page)


def test_the_newsroom_replies_under_the_name_of_who_does(app, number, moderator):
    answer = moderator.post(f"{QUEUE}/{number}/reply", data={"text": "We have asked the council."})

    assert answer.location.startswith(f"{QUEUE}/{number}#reply-")
    page = words(moderator.get(answer.location))
    assert "Your reply is published, marked as one of the newsroom." in page
    assert "Moderator Person, newsroom" in page
    assert "We have asked the council." in page
    assert rows(app, "SELECT act, subject, reason FROM acts ORDER BY id DESC LIMIT 1") == [
        ("reason.replied", "Should the bridge close?", "")
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": " "}, "Enter some text."),
        ({"text": "x" * 2_001}, "Use at most 2,000 characters, not 2,001."),
        ({"text": "a\x07b"}, "Remove the control characters."),
        ({"text": "Yes.", "name": "The editor in chief"}, "fields that do not belong to it"),
    ],
)
def test_a_reply_that_can_not_be_is_refused_and_kept_in_its_field(
    app, number, moderator, data, said
):
    before = everything(app)

    page = moderator.post(f"{QUEUE}/{number}/reply", data=data)

    assert page.status_code == 422
    assert title(page).startswith("Error: ")
    assert said in words(page)
    assert everything(app) == before


def test_words_are_erased_for_good_after_asking(app, number, moderator):
    asked = moderator.get(f"{QUEUE}/{number}/erase")
    assert LONG in words(asked)
    assert rows(app, "SELECT state FROM reasons") == [("published",)]

    refused = moderator.post(f"{QUEUE}/{number}/erase", data={"code": ""})
    assert (refused.status_code, title(refused)[:7]) == (422, "Error: ")
    done = moderator.post(f"{QUEUE}/{number}/erase", data={"code": "personal_data"})

    assert "Erased. Its words are gone for good" in words(moderator.get(done.location))
    assert rows(app, "SELECT state, codes, text, name FROM reasons") == [
        ("removed", "personal_data", "", "")
    ]
    page = moderator.get(f"{QUEUE}/{number}")
    assert "Its words were erased." in words(page)
    assert "/decide" not in page.text


def test_what_its_writer_deleted_is_gone_from_the_desk_too(app, number, moderator):
    with app.app_context():
        delete_reason(number, reader("anna"))

    assert moderator.get(f"{QUEUE}/{number}").status_code == 404


def test_the_record_shows_decisions_in_words_and_never_a_readers_text(texts, poll, app, editor):
    number = texts.held(poll, words="Words that nobody else may read.", name="Anna")
    editor.post(
        f"{QUEUE}/{number}/decide", data={"revision": "1", "decision": "reject", "code": "insult"}
    )

    page = editor.get("/editor/log?kind=reason")

    said = words(page)
    assert "Rejected a reader’s text Should the bridge close?" in said
    assert "After It insults somebody." in said
    assert "revision" not in said.lower()
    assert "nobody else may read" not in page.text + editor.get("/editor/log.csv").text
    assert "Anna" not in page.text


def test_the_first_page_says_what_waits_and_since_when(texts, poll, moderator, editor):
    assert "Waits for moderation Nothing waits." in words(moderator.get("/editor/"))
    assert "Waits for moderation" not in words(editor.get("/editor/"))
    texts.held(poll)
    texts.report(texts.published(poll, words="A reason that everybody sees."), "hate")

    for client in (moderator, editor):
        said = words(client.get("/editor/"))
        assert "1 text is held. The oldest has waited since the hour from" in said
        assert " ago" not in said
        assert "1 published text was reported." in said
        assert "A reader has waited" not in said


def test_how_long_a_text_has_waited_is_told_no_finer_than_it_is_known():
    now = datetime(2026, 11, 1, 14, 10, tzinfo=UTC)

    assert ago(now.replace(minute=0), now=now) == ""
    assert ago(now.replace(hour=12, minute=0), now=now) == "2 hours ago"
    assert ago(now.replace(minute=5), now=now) == "5 minutes ago"


def test_the_first_page_warns_when_a_reader_has_waited_long(texts, poll, moderator):
    texts.held(poll, at=datetime(2026, 11, 1, 12, tzinfo=UTC))

    page = moderator.get("/editor/")

    assert "A reader has waited for more than 2 hours." in words(page)
    assert page.text.index('id="moderation"') < page.text.index('id="open"')
