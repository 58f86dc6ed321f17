"""Reading the record, newest first: for the desk in full, for readers the acts that touch a result.

Pages go by the number of a line, so that they stay the same while lines are added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, and_, or_, select

from poll_app.database import db
from poll_app.domain.articles import is_slug
from poll_app.domain.record import INTERNAL_FIELDS, is_reason_public
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import sentence
from poll_app.models import Account, Act, Article, Poll

_Lines = Select[Act, str, datetime | None, str | None]

PAGE_SIZE = 50
COMMAND_LINE_ID = 0  # stands for the command line among the persons, whose ids begin at 1


@dataclass(frozen=True)
class ActView:
    """A line of the record; `email`: which of the people with that name, "" for the command line;
    `poll_slug`: where the question now is, None for a draft or none."""

    id: int
    at: datetime
    who: str
    email: str
    act: str
    subject: str
    article_id: int | None
    poll_id: int | None
    before: Mapping[str, object]
    after: Mapping[str, object]
    reason: str
    public: bool
    poll_slug: str | None


@dataclass(frozen=True)
class ActPage:
    """Lines, newest first; `older`: from which number on the next page goes, None at the end."""

    acts: tuple[ActView, ...]
    older: int | None


@dataclass(frozen=True)
class Wanted:
    """Which lines: of one person, of one act or kind of act ("poll"), about one thing by the words
    or by the number it has. Whatever is empty asks for all."""

    person: int | None = None
    kind: str = ""
    subject: str = ""
    article_id: int | None = None
    poll_id: int | None = None


EVERYTHING = Wanted()


def list_acts(wanted: Wanted = EVERYTHING, *, before: int | None = None) -> ActPage:
    """A page of the record: lines with a number below `before`."""
    return _page(_chosen(wanted), before)


def iterate_acts(wanted: Wanted = EVERYTHING) -> Iterator[ActView]:
    """Every line, newest first, fetched page by page: no long transaction is held open."""
    page = list_acts(wanted)
    yield from page.acts
    while page.older is not None:
        page = list_acts(wanted, before=page.older)
        yield from page.acts


def list_authors() -> list[tuple[int, str, str]]:
    """Who stands in the record, by number, present name and address, the command line first."""
    ids = set(db.session.scalars(select(Act.account_id).distinct()))
    people = db.session.execute(
        select(Account.id, Account.name, Account.email)
        .where(Account.id.in_(ids - {None}))
        .order_by(Account.name, Account.id)
    )
    own = [(COMMAND_LINE_ID, "", "")] if None in ids else []
    return own + [(row.id, row.name, row.email) for row in people]


def list_ledger(
    poll_slug: str | None = None, *, before: int | None = None, limit: int = PAGE_SIZE
) -> ActPage:
    """A page of the public acts, of one question with its earlier wordings where a slug is given.

    Without names, with whole hours, and with the reasons that were written for readers. Raises
    NotFound for an unknown question and for a draft.
    """
    lines = _LINES.where(Act.public).where(
        # Nobody has seen a draft of an article, so its title stands nowhere.
        or_(
            Act.poll_id.is_not(None),
            Act.article_id.is_(None),
            Act.article_id.in_(select(Article.id).where(Article.published_at.is_not(None))),
        )
    )
    if poll_slug is not None:
        lines = lines.where(Poll.id.in_(_wordings_of(poll_slug)))
    page = _page(lines, before, limit)
    return replace(page, acts=tuple(_for_readers(act) for act in page.acts))


def _for_readers(act: ActView) -> ActView:
    hour = act.at.replace(minute=0, second=0, microsecond=0)
    reason = act.reason if is_reason_public(act.act) else ""
    before, after = (
        {name: value for name, value in facts.items() if name not in INTERNAL_FIELDS}
        for facts in (act.before, act.after)
    )
    return replace(act, who="", email="", at=hour, reason=reason, before=before, after=after)


def _wordings_of(slug: str) -> list[int]:
    """The question with this slug and, of earlier wordings, every one that led to it."""
    known = select(Poll.id).where(Poll.slug == slug, Poll.opens_at.is_not(None))
    poll_id = db.session.scalar(known) if is_slug(slug) else None
    if poll_id is None:
        raise NotFound(sentence("There is no such question."))
    chain = select(Poll.id).where(Poll.id == poll_id).cte(recursive=True)
    chain = chain.union(select(Poll.id).join(chain, Poll.replaced_by_id == chain.c.id))
    return list(db.session.scalars(select(chain.c.id)))


# SQLite may give the number of a deleted draft to another question: lines from before it was made
# are not its own.
_LINES = (
    select(Act, Poll.slug, Poll.opens_at, Account.email)
    .outerjoin(Poll, and_(Poll.id == Act.poll_id, Poll.created_at <= Act.at))
    .outerjoin(Account, Account.id == Act.account_id)
)


def _chosen(wanted: Wanted) -> _Lines:
    lines = _LINES
    if wanted.person is not None:
        by = None if wanted.person == COMMAND_LINE_ID else wanted.person
        lines = lines.where(Act.account_id.is_(None) if by is None else Act.account_id == by)
    if wanted.kind:
        exact = "." in wanted.kind
        lines = lines.where(
            Act.act == wanted.kind
            if exact
            else Act.act.startswith(f"{wanted.kind}.", autoescape=True)
        )
    for word in wanted.subject.split():
        lines = lines.where(Act.subject.icontains(word, autoescape=True))
    if wanted.article_id is not None:
        lines = lines.where(Act.article_id == wanted.article_id)
    if wanted.poll_id is not None:
        lines = lines.where(Act.poll_id == wanted.poll_id)
    return lines


def _page(lines: _Lines, before: int | None, limit: int = PAGE_SIZE) -> ActPage:
    if before is not None:
        lines = lines.where(Act.id < before)
    found = db.session.execute(lines.order_by(Act.id.desc()).limit(limit + 1)).all()
    shown = found[:limit]
    older = shown[-1][0].id if len(found) > limit else None
    return ActPage(tuple(_view(*row) for row in shown), older)


def _view(act: Act, slug: str | None, opens_at: datetime | None, email: str | None) -> ActView:
    return ActView(
        id=act.id, at=act.at, who=act.who, email=email or "", act=act.act, subject=act.subject,
        article_id=act.article_id, poll_id=act.poll_id, before=act.before, after=act.after,
        reason=act.reason, public=act.public, poll_slug=slug if opens_at else None,
    )  # fmt: skip
