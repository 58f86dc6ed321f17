"""Polls as pages show them: looked up, listed, and kept in memory while nobody edits them."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from poll_app.database import db
from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.polls import Status, status_at
from poll_app.domain.refusals import Moved, NotFound
from poll_app.domain.sentences import sentence
from poll_app.domain.voting import Choosable
from poll_app.models import Poll
from poll_app.services.discussion.opening import discussion_rules_of
from poll_app.services.poll_versions import VERSIONS, row_of, versions_of

RECENT_S = 1.0
_MAX_KEPT = 1_000


@dataclass(frozen=True)
class PollView:
    """A poll as a page shows it. `options` are in the editor's order, "Not sure" last; `revision`
    changes with every edit of the poll or of its article, and the salt in it tells two polls apart
    that had the same address. `voter_salt` is what voter keys are made with; `compared`: questions
    of its article share it, so that answers can be set against each other. `moved_to`: where
    readers find the wording that replaced this one."""

    id: int
    slug: str
    question: str
    method: str
    min_choices: int
    max_choices: int
    results_policy: str
    status: Status
    opens_at: datetime | None
    closes_at: datetime | None
    wording_version: int
    voter_salt: bytes
    compared: bool
    options: tuple[Choosable, ...]
    article_slug: str | None
    article_title: str | None
    language: str | None
    simulated: bool
    has_outcome: bool
    moved_to: str | None
    discussion: DiscussionRules
    revision: tuple[bytes, int, int]


@dataclass(frozen=True)
class _Kept:
    """A view and when (monotonic seconds) it was last found to be the newest."""

    view: PollView
    checked_at: float


_kept_views: MutableMapping[Engine, dict[str, _Kept]] = WeakKeyDictionary()

_BY_SLUG = (
    select(Poll)
    .where(Poll.slug == bindparam("slug"))
    .options(selectinload(Poll.options), joinedload(Poll.article))
)


def get_poll(slug: str, *, now: datetime, recent: bool = False) -> PollView:
    """The poll with this slug. Raises NotFound for an unknown one and for a draft alike.

    `recent`: a view that was the newest a second ago will do, without asking the database; for
    ballots, which the ballot box checks against the stored poll again.
    """
    found = _kept_views.setdefault(db.engine, {}).get(slug)
    if recent and found and time.monotonic() - found.checked_at < RECENT_S:
        return _public(found.view, now)
    return get_poll_and_version(slug, now=now)[0]


def get_poll_and_version(slug: str, *, now: datetime) -> tuple[PollView, int]:
    """The same, always the newest, with a number that grows with every change of its figures."""
    row = db.session.execute(VERSIONS, {"slug": slug}).one_or_none()
    if row is None:
        raise _unknown()
    kept = _kept_views.setdefault(db.engine, {})
    found = kept.get(slug)
    if found and found.view.revision == tuple(row[:3]):
        view = found.view
    else:
        view = view_of(db.session.scalars(_BY_SLUG, {"slug": slug}).one(), now)
    kept[slug] = _Kept(view, time.monotonic())
    if len(kept) > _MAX_KEPT:
        kept.pop(next(iter(kept)), None)
    return _public(view, now), row[3]


def watch(
    poll: PollView, version: int, discussion_version: int | None = None
) -> Callable[[datetime], bool]:
    """What tells later, at the cost of one statement and outside of any request, whether the poll
    and its figures are still these, and its discussion where a version of it is given. False as
    well when the database can't say.
    """
    engine = db.engine
    statement, parameters = versions_of(engine.dialect, poll.slug)
    known = (*poll.revision, version, *([] if discussion_version is None else [discussion_version]))

    def is_unchanged(now: datetime) -> bool:
        row = row_of(engine, statement, parameters)
        return row is not None and row[: len(known)] == known and _status(poll, now) == poll.status

    return is_unchanged


def list_polls(
    *, now: datetime, drafts: bool = False, open_since: datetime | None = None
) -> list[PollView]:
    """Every poll in its present wording, newest opening first; drafts only when asked for
    (last). `open_since`: without those that had closed by then."""
    chosen = select(Poll).where(Poll.replaced_by_id.is_(None))
    if not drafts:
        chosen = chosen.where(Poll.opens_at.is_not(None))
    if open_since:
        chosen = chosen.where(or_(Poll.closes_at.is_(None), Poll.closes_at >= open_since))
    polls = db.session.scalars(
        chosen.options(selectinload(Poll.options), joinedload(Poll.article)).order_by(
            Poll.opens_at.desc().nulls_last(), Poll.article_id, Poll.place, Poll.id
        )
    )
    return [view_of(poll, now) for poll in polls]


def view_of(poll: Poll, now: datetime) -> PollView:
    """The frozen view of a stored poll at `now`."""
    article = poll.article
    shown = article if article and article.published_at and not article.withdrawn_at else None
    return PollView(
        id=poll.id,
        slug=poll.slug,
        question=poll.question,
        method=poll.method,
        min_choices=poll.min_choices,
        max_choices=poll.max_choices,
        results_policy=poll.results_policy,
        status=status_at(poll, now, has_outcome=poll.outcome is not None),
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        wording_version=poll.wording_version,
        voter_salt=poll.shared_salt or poll.voter_salt,
        compared=poll.shared_salt is not None,
        options=tuple(Choosable(o.id, o.label, o.not_sure) for o in poll.options),
        article_slug=shown.slug if shown else None,
        article_title=shown.title if shown else None,
        language=article.language if article else None,
        simulated=poll.simulated,
        has_outcome=poll.outcome is not None,
        moved_to=_slug_of_newest(poll) if poll.replaced_by_id else None,
        discussion=discussion_rules_of(poll),
        revision=(poll.voter_salt, poll.revision, article.revision if article else 0),
    )


def _public(view: PollView, now: datetime) -> PollView:
    """The view with its state of this moment. Raises NotFound for a draft, Moved for a wording
    that was replaced."""
    status = _status(view, now)
    if status == "draft":
        raise _unknown()
    if view.moved_to:
        raise Moved(sentence("This question has been reworded."), slug=view.moved_to)
    return view if view.status == status else replace(view, status=status)


def _status(view: PollView, now: datetime) -> Status:
    return status_at(view, now, has_outcome=view.has_outcome)


def _slug_of_newest(poll: Poll) -> str:
    """Where the wording stands that follows this one, or the one after that."""
    newest = poll
    while newest.replaced_by_id is not None:
        newest = db.session.get_one(Poll, newest.replaced_by_id)
    return newest.slug


def _unknown() -> NotFound:
    return NotFound(sentence("There is no such question."))
