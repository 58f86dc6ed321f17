"""The public ledger: what it shows, to whom, and how it is asked."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.models import Poll
from poll_app.services.polls import NewPoll, put_poll
from poll_app.services.record import record
from poll_app.services.record_pages import PAGE_SIZE
from tests.web.acts import OPENED, words

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
ADA = Person(None, "Ada Lovelace", "ada@paper.example", "editor")
PATHS = ["/ledger/", "/api/v1/ledger"]


@pytest.fixture
def new_poll(app):
    """Makes a question without a line in the record."""

    def make(question, opens_at=OPENED, **details):
        new = NewPoll(question, options=("Yes", "No"), **details)
        with app.app_context(), writing() as session:
            poll = put_poll(session, new, article=None, opens_at=opens_at, now=NOW)
            return SimpleNamespace(id=poll.id, slug=poll.slug)

    return make


@pytest.fixture
def write(app):
    def write(act, poll, **details):
        with app.app_context(), writing() as session:
            stored = session.scalar(select(Poll).where(Poll.id == poll.id))
            record(session, act, by=ADA, now=NOW, on=stored, **details)

    return write


@pytest.mark.parametrize("path", PATHS)
def test_it_shows_acts_without_names_and_minutes(client, new_poll, write, path):
    poll = new_poll("Will it?")
    write(
        "poll.closed",
        poll,
        reason="It has happened.",
        after={"closes_at": "2026-11-22T12:34:00+00:00"},
    )
    write("poll.edited", poll, reason="Not for readers.")

    page = client.get(path).get_data(as_text=True)

    assert "It has happened." in page
    assert "Closed voting" in page
    assert "2026-11-22T12:00:00Z" in page
    for private in ("Ada", "12:34:56", "Not for readers."):
        assert private not in page


def test_the_page_names_its_limits_and_leads_to_the_question(client, new_poll, write):
    poll = new_poll("Will it?")
    write("poll.closed", poll)

    page = client.get("/ledger/")

    assert f'href="/polls/{poll.slug}"' in page.text
    for said in ("It is a record and no proof.", "Signed checkpoints", "do not exist yet"):
        assert said in words(page)


def test_an_empty_ledger_says_what_comes_first(client):
    assert "Nothing stands here yet." in words(client.get("/ledger/"))
    assert client.get("/api/v1/ledger").json == {"acts": [], "next": None, "older": None}


def test_the_data_says_what_the_page_says(client, new_poll, write):
    poll = new_poll("Will it?")
    write("poll.corrected", poll, before={"question": "Wil it?"}, after={"question": "Will it?"})

    (act,) = client.get("/api/v1/ledger").json["acts"]

    assert act == {
        "number": 1, "hour": "2026-11-22T12:00:00Z", "act": "poll.corrected",
        "what": "Corrected the wording", "subject": "Will it?",
        "poll": {"slug": poll.slug, "url": f"http://127.0.0.1:8000/polls/{poll.slug}"},
        "before": {"question": "Wil it?"}, "after": {"question": "Will it?"}, "reason": None,
    }  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_one_question_can_be_asked_for(client, new_poll, write, path):
    one, other = new_poll("One?"), new_poll("Other?")
    write("poll.closed", one)
    write("poll.closed", other)

    page = client.get(f"{path}?poll={one.slug}").get_data(as_text=True)

    assert "One?" in page
    assert "Other?" not in page


@pytest.mark.parametrize("slug", ["unknown", "draft", "", "%00", "UPPER", "a/../b"])
@pytest.mark.parametrize("path", PATHS)
def test_there_is_no_ledger_of_an_unknown_question_nor_of_a_draft(client, new_poll, path, slug):
    new_poll("A draft?", opens_at=None, slug="draft")

    answer = client.get(f"{path}?poll={slug}")

    assert answer.status_code == 404
    kind = "application/problem+json" if path.startswith("/api/") else "text/html"
    assert answer.mimetype == kind


@pytest.mark.parametrize("before", ["", "0", "-1", "1_0", "9" * 40, "x", "+1", "1.0", "%00", "١"])
@pytest.mark.parametrize("path", PATHS)
def test_a_damaged_number_is_refused(client, path, before):
    answer = client.get(f"{path}?before={before}")

    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_a_long_ledger_goes_on_at_a_number(client, new_poll, write, path):
    poll = new_poll("Will it?")
    for n in range(PAGE_SIZE + 1):
        write("poll.closed", poll, reason=f"Line {n}.")
    first = client.get(f"{path}?poll={poll.slug}")

    assert "Line 0." not in first.text
    href = f"{path}?poll={poll.slug}&{{}}before=2"
    assert href.format("amp;") in first.text or href.format("") in first.text

    second = client.get(href.format(""))

    assert "Line 0." in second.text
    assert "Line 1." not in second.text


@pytest.mark.parametrize("path", PATHS)
def test_anybody_may_keep_it_until_a_line_is_added(client, new_poll, write, path):
    poll = new_poll("Will it?")
    write("poll.closed", poll)
    kept = client.get(path)
    again = client.get(path, headers={"If-None-Match": kept.headers["ETag"]})
    write("poll.reopened", poll)

    assert kept.headers["Cache-Control"].startswith("public, max-age=0")
    assert again.status_code == 304
    assert client.get(path, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 200


def test_the_foot_of_every_page_leads_there(client):
    assert 'href="/ledger/"' in client.get("/").text
