"""What editors do with an article: add, edit, publish, withdraw, delete. Each act is recorded."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.article_text import ArticleText, clean_article
from poll_app.domain.articles import article_state
from poll_app.domain.differences import changed_fields
from poll_app.domain.record import clean_reason
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Account, Act, Article, Poll, Tally, Turnout
from poll_app.services.articles import put_article
from poll_app.services.desk.article_views import text_of
from poll_app.services.desk.question_hints import hints_of
from poll_app.services.polls import content_of
from poll_app.services.record import record
from poll_app.services.slugs import free_slug

# A second click within this time adds nothing.
_DOUBLE_CLICK = timedelta(seconds=5)


def add_article(text: ArticleText, *, slug: str | None = None, by: Person, now: datetime) -> str:
    """Stores a draft and returns its slug, `slug` or one made of the title; a second click of the
    same form returns the first one. Raises Refusal."""
    with writing() as session:
        twin = find_just_added(session, text, slug=slug, by=by, now=now)
        return (twin or put_draft(session, text, slug=slug, by=by, now=now)).slug


def find_just_added(
    session: Session, text: ArticleText, *, slug: str | None, by: Person, now: datetime
) -> Article | None:
    """The same article, added by the same person a moment ago: a form that was sent twice.

    Keeps other transactions of this person waiting until this one ends, so that of two posts at
    the same moment the second finds the first. On the command line nobody clicks. Raises Refusal
    for a text that can't be.
    """
    if by.id is None:
        return None
    clean = clean_article(text)
    session.execute(select(Account.id).where(Account.id == by.id).with_for_update())
    return session.scalar(
        select(Article)
        .join(Act, Act.article_id == Article.id)
        .where(
            Act.act == "article.added",
            Act.account_id == by.id,
            Act.at > now - _DOUBLE_CLICK,
            Article.created_at > now - _DOUBLE_CLICK,
            Article.title == clean.title,
            Article.body == clean.body,
            Article.slug == (slug or Article.slug),
        )
        .limit(1)
    )


def put_draft(
    session: Session, text: ArticleText, *, slug: str | None = None, by: Person, now: datetime
) -> Article:
    """The same inside a transaction that someone else has begun."""
    clean = clean_article(text)
    article = put_article(session, Article(**asdict(clean)), slug=slug, publish=False, now=now)
    shown = {name: value for name, value in asdict(clean).items() if value}
    record(session, "article.added", by=by, now=now, on=article, after=shown)
    return article


def save_article(
    slug: str,
    text: ArticleText,
    *,
    new_slug: str | None = None,
    revision: int,
    by: Person,
    now: datetime,
) -> str:
    """Changes what the article says and returns its slug; `new_slug` counts while it was never
    public, afterwards addresses stay. Raises Refusal, NotFound, Outdated for an old revision.
    """
    with writing() as session:
        article = locked_article(session, slug)
        if article.revision != revision:
            raise Outdated
        clean = clean_article(text)
        before, after = changed_fields(asdict(text_of(article)), asdict(clean))
        for name in after:
            setattr(article, name, getattr(clean, name))
        if new_slug and new_slug != slug and article.published_at is None:
            article.slug = free_slug(session, Article.slug, wanted=new_slug, text="", otherwise="")
            before["slug"], after["slug"] = slug, new_slug
        if after:
            record(
                session, "article.edited", by=by, now=now, on=article, before=before, after=after
            )
        return article.slug


def publish_article(
    slug: str, *, revision: int, questions: bool, reason: str = "", by: Person, now: datetime
) -> int:
    """Makes the article public, for the first time or again; with `questions` every draft on it
    that has its options takes ballots from now on. Returns how many were opened.

    Raises NotFound, Outdated, and Refusal where the question check has hints and no reason is
    given to go on. Nothing happens to one that is public already.
    """
    with writing() as session:
        article = locked_article(session, slug)
        state = article_state(article.published_at, article.withdrawn_at)
        if state == "published":
            return 0
        if article.revision != revision:
            raise Outdated(_LOOK_AGAIN)
        make_public(session, article, by=by, now=now)
        return open_drafts(session, article, reason=reason, by=by, now=now) if questions else 0


def make_public(session: Session, article: Article, *, by: Person, now: datetime) -> None:
    """The article is public from now on; its date stays the day it first was."""
    act = "article.published" if article.published_at is None else "article.restored"
    article.published_at = article.published_at or now
    article.withdrawn_at = None
    record(session, act, by=by, now=now, on=article)


def open_drafts(
    session: Session, article: Article, *, reason: str, by: Person, now: datetime
) -> int:
    """Opens every draft of the article that has its options; returns how many.

    Raises Refusal where one has hints and no reason is given, or would close before it opens.
    """
    ready = [poll for poll in article.polls if poll.opens_at is None and poll.options]
    why = clean_reason(reason) if any(hints_of(poll) for poll in ready) else ""
    for poll in ready:
        if poll.closes_at is not None and poll.closes_at <= now:
            raise Refusal(
                sentence(
                    "“%(question)s” would close before it opens: set its times first.",
                    question=poll.question,
                )
            )
        poll.opens_at = now
        after: dict[str, object] = {"opens_at": now.isoformat()}
        if codes := [hint.code for hint in hints_of(poll)]:
            after["hints"] = codes
        told = why if codes else ""
        record(session, "poll.opened", by=by, now=now, on=poll, after=after, reason=told)
    return len(ready)


def withdraw_article(slug: str, *, reason: str, by: Person, now: datetime) -> None:
    """Takes a public article back: its page says that it was withdrawn. Its questions stay as they
    are, at their own addresses. Raises NotFound, Refusal without a reason or for a draft."""
    with writing() as session:
        article = locked_article(session, slug)
        if article.published_at is None:
            raise Refusal(sentence("This article was never public."))
        if article.withdrawn_at is not None:
            return
        why = clean_reason(reason)
        article.withdrawn_at = now
        record(session, "article.withdrawn", by=by, now=now, on=article, reason=why)


def delete_article(slug: str, *, by: Person, now: datetime) -> None:
    """Deletes a draft that was never public, with the drafts of its questions.

    Raises NotFound, and Refusal where readers have seen it or any of its questions.
    """
    with writing() as session:
        article = locked_article(session, slug)
        if article.published_at is not None:
            raise Refusal(sentence("This article was public: it can be withdrawn, not deleted."))
        for poll in list(article.polls):
            _delete_draft_poll(session, poll, by=by, now=now)
        record(session, "article.deleted", by=by, now=now, on=article, before={"slug": slug})
        session.flush()
        session.expire(article, ["polls"])
        session.delete(article)


def locked_article(session: Session, slug: str) -> Article:
    """The article, kept from other writers until this transaction ends. Raises NotFound."""
    article = session.scalar(select(Article).where(Article.slug == slug).with_for_update())
    if article is None:
        raise NotFound(sentence("There is no such article."))
    return article


def _delete_draft_poll(session: Session, poll: Poll, *, by: Person, now: datetime) -> None:
    turnout = session.get(Turnout, poll.id)
    if poll.opens_at is not None or (turnout and (turnout.ballots or turnout.version)):
        raise Refusal(
            sentence(
                "“%(question)s” is no draft any more: take it off this article first.",
                question=poll.question,
            )
        )
    was = {"slug": poll.slug, **content_of(poll)}
    record(session, "poll.deleted", by=by, now=now, on=poll, before=was)
    session.execute(delete(Tally).where(Tally.poll_id == poll.id))
    session.execute(delete(Turnout).where(Turnout.poll_id == poll.id))
    session.delete(poll)


_LOOK_AGAIN = sentence(
    "Somebody else has changed this article since you opened the page. Look at it again first."
)
