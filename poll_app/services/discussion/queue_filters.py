"""Which texts of readers a moderator asks for, and in which order they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, func, or_, select

from poll_app.models import Act, Article, Poll, Reason, Report

Show = Literal["waiting", "held", "reported", "published", "rejected", "removed"]
SHOWN: tuple[Show, ...] = get_args(Show)


@dataclass(frozen=True)
class Filters:
    """Which texts: `waiting` is what is held and what was reported since somebody looked. `code`:
    held or rejected for that, or reported for it. `words`: the text or the name holds all of them.
    """

    show: Show = "waiting"
    code: str = ""
    poll_slug: str = ""
    article_slug: str = ""
    words: str = ""


def waiting_since() -> ColumnElement[datetime]:
    """From when on a text waits: written, edited, reported, or held by somebody; undoing a decision
    makes nobody wait anew."""
    held = select(func.max(Act.at)).where(Act.reason_id == Reason.id, Act.act == "reason.held")
    reported = select(func.max(Report.hour)).where(Report.reason_id == Reason.id)
    return func.coalesce(
        held.scalar_subquery(), reported.scalar_subquery(), Reason.edited_hour, Reason.hour
    )


def order_of(filters: Filters) -> tuple[ColumnElement[Any], ...]:
    """What waits longest first, what was decided newest first."""
    if filters.show in {"waiting", "held", "reported"}:
        return waiting_since(), Reason.id.asc()
    return func.coalesce(Reason.published_hour, Reason.hour).desc(), Reason.id.desc()


def is_reported() -> ColumnElement[bool]:
    """Published, and reported since a moderator kept it."""
    return and_(Reason.state == "published", Reason.reports > func.coalesce(Reason.reviewed, 0))


def wanted_by(filters: Filters) -> ColumnElement[bool]:
    """The filters as one condition."""
    shown = {
        "waiting": or_(Reason.state == "held", is_reported()),
        "reported": is_reported(),
    }
    wanted = shown.get(filters.show, Reason.state == filters.show)
    if filters.code:
        reported_for = select(Report.reason_id).where(Report.code == filters.code)
        listed = f" {filters.code} "
        held_for = (" " + Reason.codes + " ").contains(listed, autoescape=True)
        wanted = and_(wanted, or_(held_for, Reason.id.in_(reported_for)))
    for word in filters.words.split():
        # SQLite knows the capitals of a to z alone, so each word is tried as it would be written.
        asked = {word, word.lower(), word.upper(), word.capitalize()}
        columns = (Reason.text, Reason.name)
        holds = [one.icontains(text, autoescape=True) for one in columns for text in asked]
        wanted = and_(wanted, or_(*holds))
    if filters.poll_slug:
        polls = select(Poll.id).where(Poll.slug == filters.poll_slug)
        wanted = and_(wanted, Reason.poll_id.in_(polls))
    if filters.article_slug:
        polls = select(Poll.id).join(Article).where(Article.slug == filters.article_slug)
        wanted = and_(wanted, Reason.poll_id.in_(polls))
    return wanted
