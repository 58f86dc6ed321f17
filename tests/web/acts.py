"""What a reader does on the pages, what a client may send, and what the database then holds."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import html5lib
from sqlalchemy import text
from werkzeug.serving import make_server

from poll_app.database import Base, db, writing
from poll_app.models import Article
from poll_app.services.articles import put_article
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import put_poll
from poll_app.services.recount import recount
from tests.inspecting_client import text_of

_H = "{http://www.w3.org/1999/xhtml}"
OPENED = datetime(2026, 1, 1, tzinfo=UTC)


def ids_of(poll, *labels):
    """The options' ids as a form sends them."""
    known = {option.label: str(option.id) for option in poll.options}
    return [known[label] for label in labels]


def post(client, path, data=None, **kwargs):
    """Posts as a browser does: a 307 is followed, once, with the same body."""
    answer = client.post(path, data=data, **kwargs)
    if answer.status_code == 307:
        answer = client.post(answer.location, data=data, **kwargs)
    return answer


def vote(client, poll, *labels, **kwargs):
    """Votes as a browser does, from the form without its signed order."""
    return post(client, f"/polls/{poll.slug}/vote", {"option": ids_of(poll, *labels)}, **kwargs)


def fill(app, poll, **votes):
    """So many readers vote for each of these options: fill(app, poll, Yes=3, No=2)."""
    for label, count in votes.items():
        for _ in range(count):
            assert vote(app.test_client(), poll, label.replace("_", " ")).status_code == 303


def fields_of(response, action="/vote"):
    """The hidden fields of the form with this action."""
    for form in _parsed(response).iter(f"{_H}form"):
        if form.get("action").endswith(action):
            return {
                i.get("name"): i.get("value")
                for i in form.iter(f"{_H}input")
                if i.get("type") == "hidden"
            }
    raise AssertionError(f"no form to {action}")


def shown_options(response):
    """The labels in the order of the page."""
    inputs = [i for i in _parsed(response).iter(f"{_H}input") if i.get("name") == "option"]
    labels = {label.get("for"): text_of(label) for label in _parsed(response).iter(f"{_H}label")}
    return [labels[i.get("id")] for i in inputs]


def checked_options(response):
    """The values that are chosen on the page."""
    return {
        i.get("value") for i in _parsed(response).iter(f"{_H}input") if i.get("checked") is not None
    }


def element(response, **attributes):
    """The first element with these attributes, or None."""
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    for found in _parsed(response).iter():
        if all(found.get(name) == value for name, value in wanted.items()):
            return found
    return None


def words(response):
    """What the page says, without its markup."""
    return text_of(_parsed(response).find(f".//{_H}body"))


def title(response):
    """The title of the page."""
    return text_of(_parsed(response).find(f".//{_H}title"))


def _parsed(response):
    return html5lib.parse(response.get_data(as_text=True))


def rows(app, statement, **values):
    """What the database answers to a query."""
    with app.app_context():
        found = db.session.execute(text(statement), values).all()
        db.session.rollback()
        return [tuple(row) for row in found]


def change(app, statement, **values):
    """Changes the database behind the program's back."""
    with app.app_context(), writing() as session:
        session.execute(text(statement), values)


def everything(app):
    """Every row of every table, to see that nothing has changed."""
    with app.app_context():
        found = {
            table.name: db.session.execute(table.select().order_by(*table.primary_key)).all()
            for table in Base.metadata.sorted_tables
        }
        db.session.rollback()
        return {name: [tuple(row) for row in held] for name, held in found.items()}


def ballots(app):
    """How many ballots count, once it is sure that every tally equals them."""
    with app.app_context():
        assert recount() == []
    return rows(app, "SELECT count(*) FROM ballots WHERE state = 'counted'")[0][0]


def positions(app):
    """Where the chosen options stood on the page, by option id."""
    return dict(rows(app, "SELECT option_id, position FROM choices"))


def new_article(app, *polls, slug="an-article", title="An article", **details):
    """A published article with these open polls, and how a page sees the polls."""
    now = datetime.now(UTC)
    with app.app_context():
        with writing() as session:
            made = put_article(
                session, Article(title=title, **details), slug=slug, publish=True, now=now
            )
            slugs = [
                put_poll(session, new, article=made, opens_at=OPENED, now=now).slug for new in polls
            ]
        return [get_poll(slug, now=now) for slug in slugs]


@contextmanager
def serving(app, port=0):
    """The application on a real socket, of any port; the address to reach it by."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
