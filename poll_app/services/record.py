"""Writing the record: each act becomes a line in the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from poll_app.domain.accounts import Person
from poll_app.domain.record import ACTS, is_public
from poll_app.models import Act, Article, Poll

_NOTHING: Mapping[str, object] = {}


def record(
    session: Session,
    act: str,
    *,
    by: Person,
    now: datetime,
    on: Article | Poll | str,
    before: Mapping[str, object] = _NOTHING,
    after: Mapping[str, object] = _NOTHING,
    reason: str = "",
) -> None:
    """Adds a line to the record; it stands exactly when the session's transaction does.

    `act`: a key of `ACTS`; `on`: what it was done to, a stored article or poll or, in words,
    anything else; `before`, `after`: what stood there, as JSON can say it.
    """
    if act not in ACTS:
        raise ValueError(f"the record knows no act {act!r}")
    session.add(
        Act(
            at=now,
            account_id=by.id,
            who=by.name,
            act=act,
            article_id=on.id if isinstance(on, Article) else getattr(on, "article_id", None),
            poll_id=on.id if isinstance(on, Poll) else None,
            subject=_named(on),
            before=dict(before),
            after=dict(after),
            reason=reason,
            public=is_public(act),
        )
    )


def _named(subject: Article | Poll | str) -> str:
    if isinstance(subject, str):
        return subject
    return subject.question if isinstance(subject, Poll) else subject.title
