"""Looking for articles and questions by words of their titles, drafts included."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.polls import Status, status_at
from poll_app.models import Article, Outcome, Poll

MAX_FOUND = 20
MAX_WANTED = 100


@dataclass(frozen=True)
class FoundArticle:
    """An article whose title has every word."""

    id: int
    slug: str
    title: str
    state: str


@dataclass(frozen=True)
class FoundPoll:
    """A question that has every word."""

    id: int
    slug: str
    question: str
    status: Status
    article_title: str | None


@dataclass(frozen=True)
class Found:
    """What was found, newest first; `more`: there is more than is listed."""

    articles: tuple[FoundArticle, ...]
    polls: tuple[FoundPoll, ...]
    more: bool


def find_by_words(wanted: str, *, now: datetime) -> Found:
    """Articles and questions that hold every word of `wanted`, in any order and letter case.

    Compared here and not by the database: SQLite folds the case of A to Z alone.
    """
    words = _folded(wanted[:MAX_WANTED]).split()
    articles = _first_matches(
        db.session.execute(
            select(Article.id, Article.slug, Article.title, Article.published_at,
                   Article.withdrawn_at).order_by(Article.id.desc())
        ), 2, words,
    )  # fmt: skip
    polls = _first_matches(
        db.session.execute(
            select(Poll.id, Poll.slug, Poll.question, Poll.opens_at, Poll.closes_at,
                   Article.title.label("article_title"),
                   Outcome.poll_id.is_not(None).label("has_outcome"))
            .outerjoin(Article, Article.id == Poll.article_id)
            .outerjoin(Outcome, Outcome.poll_id == Poll.id)
            .where(Poll.replaced_by_id.is_(None))
            .order_by(Poll.id.desc())
        ), 2, words,
    )  # fmt: skip
    return Found(
        tuple(
            FoundArticle(a.id, a.slug, a.title, _state(a.published_at, a.withdrawn_at))
            for a in articles[:MAX_FOUND]
        ),
        tuple(
            FoundPoll(
                p.id, p.slug, p.question, status_at(p, now, has_outcome=p.has_outcome),
                p.article_title,
            )
            for p in polls[:MAX_FOUND]
        ),
        more=max(len(articles), len(polls)) > MAX_FOUND,
    )  # fmt: skip


def _first_matches(rows: Iterable[Any], place: int, words: list[str]) -> list[Any]:
    matching = (row for row in rows if all(word in _folded(row[place]) for word in words))
    return list(islice(matching, MAX_FOUND + 1)) if words else []


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _state(published_at: datetime | None, withdrawn_at: datetime | None) -> str:
    if withdrawn_at:
        return "withdrawn"
    return "published" if published_at else "draft"
