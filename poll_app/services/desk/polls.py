"""What editors do with a poll before its first ballot: add, edit, place, duplicate, delete."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.attributes import flag_modified

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.articles import is_slug
from poll_app.domain.differences import changed_fields
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Act, Article, Ballot, Poll, Tally, Turnout
from poll_app.services.comparing import follow_article
from poll_app.services.desk.question_hints import hints_of, overruled
from poll_app.services.polls import NewPoll, cleaned, content_of, put_content, put_poll
from poll_app.services.record import record

# A second click within this time adds nothing.
_DOUBLE_CLICK = timedelta(seconds=5)


def add_draft(
    new: NewPoll,
    *,
    article_slug: str | None = None,
    place: int | None = None,
    by: Person,
    now: datetime,
) -> str:
    """Stores a draft and returns its slug; a second click of the same form returns the first one.

    `place`: where it stands on the article, from 1; last without it. Raises Refusal, also for an
    unknown article.
    """
    with writing() as session:
        clean = cleaned(new, complete=False)
        if twin := _just_added(session, clean.question, by=by, now=now):
            return twin
        poll = put_poll(session, clean, article=None, opens_at=None, now=now)
        _put_in_place(session, poll, _article(session, article_slug), place, now=now)
        after = {**content_of(poll), "article": article_slug, "place": poll.place + 1}
        record(session, "poll.added", by=by, now=now, on=poll, after=after)
        return poll.slug


def edit_poll(
    slug: str,
    new: NewPoll | None,
    *,
    article_slug: str | None,
    place: int | None,
    reason: str = "",
    revision: int,
    by: Person,
    now: datetime,
) -> None:
    """Changes a poll that no ballot was ever cast in; without `new` only where it stands.

    Raises NotFound, Outdated for an old revision, and Refusal for what a poll can't be, once there
    are ballots, or where one that opens by itself gets new hints and no reason to go on.
    """
    with writing() as session:
        poll = locked_poll(session, slug, revision=revision)
        before, why = _facts(poll), ""
        told: dict[str, object] = {}
        if new is not None:
            clean = cleaned(new, complete=poll.opens_at is not None)
            if has_ballots(session, poll):
                raise Refusal(
                    sentence(
                        "The first answer has come in: the wording can now only be corrected, or "
                        "replaced by a new one. Nothing was changed."
                    )
                )
            if _facts_of_new(clean) != content_of(poll):
                known = hints_of(poll)
                put_content(session, poll, clean)
                touch(poll)
                if poll.opens_at is not None:
                    told, why = overruled(poll, reason, known=known)
        _put_in_place(session, poll, _article(session, article_slug), place, now=now)
        session.flush()
        old, changed = changed_fields(before, _facts(poll))
        if changed:
            act = "poll.moved" if changed.keys() <= {"article", "place"} else "poll.edited"
            after = {**changed, **told}
            record(session, act, by=by, now=now, on=poll, before=old, after=after, reason=why)


def duplicate_poll(slug: str, *, by: Person, now: datetime) -> str:
    """A new draft with the same words and rules on the same article; returns its slug.

    Raises NotFound.
    """
    with writing() as session:
        poll = locked_poll(session, slug)
        if twin := _just_added(session, poll.question, by=by, now=now):
            return twin
        copy = put_poll(session, content_as_new(poll), article=poll.article, opens_at=None, now=now)
        after = {**content_of(copy), "article": poll.article.slug if poll.article else None}
        record(session, "poll.added", by=by, now=now, on=copy, after=after)
        return copy.slug


def delete_draft(slug: str, *, by: Person, now: datetime) -> None:
    """Deletes a draft. Raises NotFound, and Refusal for what readers have seen."""
    with writing() as session:
        poll = locked_poll(session, slug)
        if poll.opens_at is not None or has_ballots(session, poll):
            raise Refusal(sentence("Only a draft can be deleted. Close the question instead."))
        before = {"slug": poll.slug, **content_of(poll)}
        record(session, "poll.deleted", by=by, now=now, on=poll, before=before)
        for table in (Tally, Turnout):
            session.execute(delete(table).where(table.poll_id == poll.id))
        session.delete(poll)


def locked_poll(session: Session, slug: str, *, revision: int | None = None) -> Poll:
    """The poll, kept from other writers until this transaction ends.

    Raises NotFound, also for a wording that was replaced, and Outdated unless it stands at
    `revision` where one is given.
    """
    poll = None
    if is_slug(slug):
        poll = session.scalar(
            select(Poll).where(Poll.slug == slug, Poll.replaced_by_id.is_(None)).with_for_update()
        )
    if poll is None:
        raise NotFound(sentence("There is no such question."))
    if revision is not None and poll.revision != revision:
        raise Outdated
    return poll


def touch(poll: Poll) -> None:
    """Moves its revision also where only its options, its outcome or its surveys change, so that
    kept views are made anew and another editor's form is known to be old."""
    flag_modified(poll, "question")


def has_ballots(session: Session | scoped_session[Any], poll: Poll) -> bool:
    """Whether a ballot was ever cast in it, withdrawn ones included."""
    return (
        session.scalar(select(Ballot.poll_id).where(Ballot.poll_id == poll.id).limit(1)) is not None
    )


def content_as_new(poll: Poll) -> NewPoll:
    """Its words and rules, as a new poll would be made of them."""
    return NewPoll(
        question=poll.question,
        options=tuple(option.label for option in poll.options if not option.not_sure),
        not_sure=next((option.label for option in poll.options if option.not_sure), None),
        method=poll.method,  # type: ignore[arg-type]
        min_choices=poll.min_choices,
        max_choices=poll.max_choices,
        results_policy=poll.results_policy,  # type: ignore[arg-type]
    )


def _facts_of_new(clean: NewPoll) -> dict[str, object]:
    facts = {name: value for name, value in vars(clean).items() if name != "slug"}
    return {**facts, "options": list(clean.options)}


def _facts(poll: Poll) -> dict[str, object]:
    article = poll.article.slug if poll.article else None
    return {**content_of(poll), "article": article, "place": poll.place + 1}


def _article(session: Session, slug: str | None) -> Article | None:
    if slug is None:
        return None
    article = None
    if is_slug(slug):
        article = session.scalar(select(Article).where(Article.slug == slug).with_for_update())
    if article is None:
        raise Refusal(sentence("There is no such article."), field="article")
    return article


def _put_in_place(
    session: Session, poll: Poll, article: Article | None, place: int | None, *, now: datetime
) -> None:
    """Puts the poll among those of its article, from 1; the others are numbered past their
    revision, so that whoever edits their wording is not disturbed."""
    follow_article(poll, article, now=now)
    if article is None:
        poll.article, poll.place = None, 0
        return
    others = [one for one in article.polls if one.replaced_by_id is None and one is not poll]
    wanted = len(others) if place is None else min(max(place, 1) - 1, len(others))
    others.insert(wanted, poll)
    poll.article, poll.place = article, wanted
    for number, one in enumerate(others):
        if one is not poll and one.place != number:
            session.execute(update(Poll).where(Poll.id == one.id).values(place=number))


def _just_added(session: Session, question: str, *, by: Person, now: datetime) -> str | None:
    """The slug of the same question, added by the same person a moment ago."""
    return session.scalar(
        select(Poll.slug)
        .join(Act, Act.poll_id == Poll.id)
        .where(
            Act.act == "poll.added",
            Act.account_id == by.id,
            Act.at > now - _DOUBLE_CLICK,
            Poll.question == question,
            Poll.created_at > now - _DOUBLE_CLICK,
            Poll.opens_at.is_(None),
        )
        .limit(1)
    )
