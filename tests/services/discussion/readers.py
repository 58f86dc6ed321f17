"""Readers who vote and write, through the real services."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import event, select, text

from poll_app.database import db, writing
from poll_app.domain.discussion.pipeline import Draft
from poll_app.domain.voters import Voter
from poll_app.models import Article, Poll
from poll_app.services.discussion.marks import mark_fair
from poll_app.services.discussion.moderation import decide
from poll_app.services.discussion.reading import get_discussion
from poll_app.services.discussion.writing import write_reason, write_reply
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.voting import cast_ballot, withdraw_ballot

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE_NAME = "The Daily Bugle"
LONG = "Because a bridge would bring the two halves of the town together again."


def reader(name) -> Voter:
    return Voter(f"reader {name}", "a secret")


def new_poll(question="Should the town build a bridge?", *, closes_at=None, **facts):
    new = NewPoll(question, options=("Yes", "No"), not_sure="Not sure", **facts)
    return get_poll(add_poll(new, opens_at=NOW, closes_at=closes_at, now=NOW), now=NOW)


def discussed_at_once():
    """A question on an article whose discussion is read afterwards."""
    with writing() as session:
        article = Article(title="A town", created_at=NOW, published_at=NOW, discussion_opens_at=NOW,
                          moderation="after", slug="a-town")  # fmt: skip
        session.add(article)
    poll = new_poll("And a tunnel?")
    with writing() as session:
        session.get(Poll, poll.id).article_id = session.scalar(select(Article.id))
    return get_poll(poll.slug, now=NOW)


def option(poll, label) -> int:
    return next(one.id for one in poll.options if one.label == label)


def vote(app, poll, voter, *labels, now=NOW):
    box = app.extensions["ballot_box"]
    return cast_ballot(box, poll, voter, [option(poll, label) for label in labels], now=now)


def withdraw(app, poll, voter, *, now=NOW):
    return withdraw_ballot(app.extensions["ballot_box"], poll, voter, now=now)


def draft(words=LONG, name="", **facts) -> Draft:
    return Draft(words, name, **{"taken_s": 60.0, **facts})


def wrote(app, poll, voter, label, words=LONG, *, name="", now=NOW):
    """The reader votes and gives a reason, in whatever state it ends."""
    vote(app, poll, voter, label, now=now)
    return write_reason(poll, voter, draft(words, name), site_name=SITE_NAME, now=now)


def published(app, poll, voter, label, words=LONG, *, by, name="", now=NOW) -> int:
    """The same, published by a moderator."""
    written = wrote(app, poll, voter, label, words, name=name, now=now)
    publish(written.id, by=by, now=now)
    return written.id


def publish(*ids, by, now=NOW):
    return decide({id_: revision(id_) for id_ in ids}, "publish", by=by, now=now)


def replied(reason_id, voter, words=LONG, *, name="", now=NOW):
    return write_reply(reason_id, voter, draft(words, name), site_name=SITE_NAME, now=now)


def marked(reason_id, *voters, now=NOW):
    for voter in voters:
        mark_fair(reason_id, voter, now=now)


def revision(reason_id) -> int:
    return row("reasons", reason_id)["revision"]


def row(table, id_) -> dict:
    db.session.rollback()
    found = db.session.execute(text(f"SELECT * FROM {table} WHERE id = :id"), {"id": id_})
    return dict(found.mappings().one())


def rows(sql) -> list[tuple]:
    db.session.rollback()
    return [tuple(one) for one in db.session.execute(text(sql))]


def shown(poll, label, *, order="fair", per_side=5, now=NOW):
    """The reasons of a side."""
    db.session.rollback()
    discussion = get_discussion(poll, now=now, order=order, per_side=per_side)
    return next(side for side in discussion.sides if side.label == label).reasons


def shown_ids(poll, label, **how) -> list[int]:
    return [one.id for one in shown(poll, label, **how)]


@contextmanager
def statements():
    """Every statement that the database is asked meanwhile."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)
