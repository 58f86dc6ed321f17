"""Articles as the desk sees them: one with its questions, and the list of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from poll_app.database import db
from poll_app.domain.article_text import ArticleText
from poll_app.domain.articles import ARTICLE_STATES, ArticleState, article_state
from poll_app.domain.importing.cleaning import plain
from poll_app.domain.question_check import Hint
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import sentence
from poll_app.models import Article, Poll, Turnout
from poll_app.services.articles import ArticleView
from poll_app.services.comparing import has_opened
from poll_app.services.desk.question_hints import hints_of
from poll_app.services.poll_views import PollView, view_of

PAGE_SIZE = 50
MAX_SEARCH_LENGTH = 100
MAX_LOOSE_POLLS = 200


@dataclass(frozen=True)
class DeskPoll:
    """A question of an article, with its counted ballots and what the question check says of it."""

    view: PollView
    ballots: int
    hints: tuple[Hint, ...]

    @property
    def ready(self) -> bool:
        """Whether it is a draft that has its options."""
        return self.view.status == "draft" and bool(self.view.options)


@dataclass(frozen=True)
class DeskArticle:
    """An article with its questions in order, wordings that were replaced left out; `compared`:
    answers to them may be set against each other, fixed once one of them has opened."""

    slug: str
    text: ArticleText
    state: ArticleState
    created_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    revision: int
    compared: bool
    compared_is_fixed: bool
    polls: tuple[DeskPoll, ...]


@dataclass(frozen=True)
class ArticleList:
    """A page of the list, how many of each state the search finds, and whether more follow."""

    articles: tuple[DeskArticle, ...]
    counts: Counter[ArticleState]
    page: int
    more: bool


def get_desk_article(slug: str, *, now: datetime) -> DeskArticle:
    """The article in whatever state. Raises NotFound."""
    article = db.session.scalar(
        _with_polls().where(Article.slug == slug).execution_options(populate_existing=True)
    )
    if article is None:
        raise NotFound(sentence("There is no such article."))
    return _desk_articles([article], now)[0]


def as_readers_will(article: DeskArticle, *, now: datetime) -> ArticleView:
    """The article as its page will show it, with every question that has its options."""
    return ArticleView(
        slug=article.slug,
        **asdict(article.text),
        published_at=article.published_at or now,
        polls=tuple(poll.view for poll in article.polls if poll.view.options),
    )


def list_articles(
    *, search: str = "", state: str = "", page: int = 1, now: datetime
) -> ArticleList:
    """Articles, the newest first, whose title, source or questions hold `search`."""
    found = _holds(search)
    counted = db.session.execute(select(_STATE, func.count()).where(found).group_by(_STATE))
    wanted = _STATE.in_([state] if state else ARTICLE_STATES)
    rows = db.session.scalars(
        _with_polls()
        .where(found, wanted)
        .order_by(Article.created_at.desc(), Article.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    return ArticleList(
        articles=_desk_articles(rows[:PAGE_SIZE], now),
        counts=Counter({row[0]: row[1] for row in counted}),
        page=page,
        more=len(rows) > PAGE_SIZE,
    )


def list_loose_polls(*, now: datetime) -> list[PollView]:
    """The newest questions that stand on no article."""
    polls = db.session.scalars(
        select(Poll)
        .where(Poll.article_id.is_(None), Poll.replaced_by_id.is_(None))
        .options(selectinload(Poll.options), joinedload(Poll.article))
        .order_by(Poll.id.desc())
        .limit(MAX_LOOSE_POLLS)
    )
    return [view_of(poll, now) for poll in polls]


_STATE = case(
    (Article.published_at.is_(None), "draft"),
    (Article.withdrawn_at.is_(None), "published"),
    else_="withdrawn",
)


def _holds(search: str) -> ColumnElement[bool]:
    """SQLite knows the capitals of a to z alone, so the search is tried as it would be written."""
    words = plain(search)[:MAX_SEARCH_LENGTH]
    asked = {words, words.lower(), words.upper(), words.capitalize(), words.title()} - {""}
    if not asked:
        return true()
    in_polls = select(Poll.article_id).where(
        or_(*(Poll.question.icontains(text, autoescape=True) for text in asked))
    )
    columns = (Article.title, Article.source)
    return or_(
        *(column.icontains(text, autoescape=True) for column in columns for text in asked),
        Article.id.in_(in_polls),
    )


def _with_polls() -> Select[Article]:
    polls = selectinload(Article.polls)
    return select(Article).options(polls.selectinload(Poll.options), polls.joinedload(Poll.article))


def _desk_articles(articles: Sequence[Article], now: datetime) -> tuple[DeskArticle, ...]:
    ids = [poll.id for article in articles for poll in article.polls]
    counted = db.session.execute(
        select(Turnout.poll_id, Turnout.ballots).where(Turnout.poll_id.in_(ids))
    )
    ballots = {row.poll_id: row.ballots for row in counted}
    return tuple(
        DeskArticle(
            slug=article.slug,
            text=text_of(article),
            state=article_state(article.published_at, article.withdrawn_at),
            created_at=article.created_at,
            published_at=article.published_at,
            withdrawn_at=article.withdrawn_at,
            revision=article.revision,
            compared=article.voter_salt is not None,
            compared_is_fixed=any(has_opened(poll, now) for poll in article.polls),
            polls=tuple(
                DeskPoll(view_of(poll, now), ballots.get(poll.id, 0), hints_of(poll))
                for poll in article.polls
                if poll.replaced_by_id is None
            ),
        )
        for article in articles
    )


def text_of(article: Article) -> ArticleText:
    """What an editor wrote of it."""
    return ArticleText(
        title=article.title,
        standfirst=article.standfirst,
        source=article.source,
        body=article.body,
        discussion_prompt=article.discussion_prompt,
        language=article.language,
    )
