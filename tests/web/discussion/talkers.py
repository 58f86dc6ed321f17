"""Readers who give reasons through the pages, as their browsers do."""

from datetime import UTC, datetime, timedelta

import html5lib

from poll_app.web.discussion.forms import _signer
from tests.inspecting_client import text_of
from tests.web.acts import change, new_article, post, rows, vote

_H = "{http://www.w3.org/1999/xhtml}"
LONG_AGO_S = 60
TEXT = "Because the river floods the road every spring."


def discussed(app, *polls, moderation="after", **details):
    """An article that is discussed now, and how a page sees its polls."""
    found = new_article(app, *polls, **details)
    opens_at = datetime.now(UTC) - timedelta(days=1)
    change(
        app,
        "UPDATE articles SET discussion_opens_at = :at, moderation = :how, revision = revision + 1"
        " WHERE slug = :slug",
        slug=found[0].article_slug,
        at=opens_at.strftime("%Y-%m-%d %H:%M:%S.000000"),
        how=moderation,
    )
    return found


def made(app, subject):
    """The signed time of a form that was made a minute ago."""
    with app.app_context():
        then = datetime.now(UTC).timestamp() - LONG_AGO_S
        return _signer(subject).sign(str(int(then))).decode()


def reader_of(app, poll, *labels):
    """A browser that has answered the question."""
    client = app.test_client()
    assert vote(client, poll, *labels).status_code == 303
    return client


def give_reason(app, client, poll, text=TEXT, **fields):
    """Sends a reason from that browser."""
    data = {"text": text, "made": made(app, f"reason {poll.id}"), **fields}
    return post(client, f"/polls/{poll.slug}/reasons", data)


def give_reply(app, client, reason_id, text=TEXT, **fields):
    data = {"text": text, "made": made(app, f"reply {reason_id}"), **fields}
    return post(client, f"/reasons/{reason_id}/reply", data)


def said(app, poll, label, text=TEXT, **fields):
    """A reader answers and says why; the browser and the number of the reason."""
    client = reader_of(app, poll, label)
    answer = give_reason(app, client, poll, text, **fields)
    assert answer.status_code == 303, answer.text
    return client, newest(app)


def newest(app):
    """The number of the text that was stored last."""
    return rows(app, "SELECT max(id) FROM reasons")[0][0]


def stored(app, reason_id):
    """State, codes, name and text of a stored text."""
    return rows(app, "SELECT state, codes, name, text FROM reasons WHERE id = :id", id=reason_id)[0]


def article_of(response, reason_id):
    """The element of one text on a page."""
    page = html5lib.parse(response.get_data(as_text=True))
    return next(a for a in page.iter(f"{_H}article") if a.get("id") == f"r-{reason_id}")


def shown(response):
    """The numbers of the texts on a page, in its order."""
    page = html5lib.parse(response.get_data(as_text=True))
    return [int(a.get("id")[2:]) for a in page.iter(f"{_H}article") if a.get("id")]


def read(response, reason_id):
    """What a page says of one text."""
    return text_of(article_of(response, reason_id))
