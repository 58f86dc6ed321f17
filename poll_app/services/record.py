"""Writing the record: each act becomes a line in the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from poll_app.database import db
from poll_app.domain.accounts import Person
from poll_app.domain.record import ACTS, is_public, is_reason_public
from poll_app.domain.sentences import Sentence
from poll_app.models import Act, Article, Poll


@dataclass(frozen=True)
class PublicAct:
    """An act that touched a result, as readers may see it: without the person."""

    at: datetime
    act: str
    label: Sentence
    before: Mapping[str, object]
    after: Mapping[str, object]
    reason: str


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
    reason_id: int | None = None,
) -> Act:
    """Adds a line to the record; it stands exactly when the session's transaction does.

    `act`: a key of `ACTS`; `on`: what it was done to, a stored article or poll or, in words,
    anything else; `before`, `after`: what stood there, as JSON can say it; `reason_id`: the
    reader's reason, if it was about one. Returns the line; the next flush gives it its number.
    """
    if act not in ACTS:
        raise ValueError(f"the record knows no act {act!r}")
    line = Act(
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
        reason_id=reason_id,
    )
    session.add(line)
    return line


def list_public_acts(poll_ids: Sequence[int], *, since: datetime) -> tuple[PublicAct, ...]:
    """What was done to these polls that touched their result, oldest first. `since`: when the first
    of them was made; SQLite may give the number of a deleted draft to another one."""
    acts = db.session.scalars(
        select(Act)
        .where(Act.poll_id.in_(poll_ids), Act.public, Act.at >= since)
        .order_by(Act.at, Act.id)
    )
    return tuple(
        PublicAct(
            at=one.at,
            act=one.act,
            label=ACTS[one.act],
            before=one.before,
            after=one.after,
            reason=one.reason if is_reason_public(one.act) else "",
        )
        for one in acts
    )


def _named(subject: Article | Poll | str) -> str:
    if isinstance(subject, str):
        return subject
    return subject.question if isinstance(subject, Poll) else subject.title
