"""The proof of the counts behind the order of reasons: the marks counted anew."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from poll_app.database import insert_into
from poll_app.models import FairCount, FairPoint, Reason
from poll_app.services.discussion.stored import raise_version


class WrongCount(NamedTuple):
    """A count that the marks do not bear out."""

    poll_id: int
    reason_id: int
    side_id: int
    tallied: int
    counted: int


def recount_marks(session: Session, *, repair: bool) -> list[WrongCount]:
    """Counts the marks per reason and side and compares; `repair` sets the counts to it."""
    # every writer of a discussion takes its row there first
    if repair and session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE discussions IN SHARE ROW EXCLUSIVE MODE"))
    tallied = Counter({
        (poll_id, reason_id, side_id): readers
        for poll_id, reason_id, side_id, readers in session.execute(
            select(Reason.poll_id, FairCount.reason_id, FairCount.side_id, FairCount.readers).join(
                Reason, Reason.id == FairCount.reason_id
            )
        )
    })  # fmt: skip
    columns = (FairPoint.poll_id, FairPoint.reason_id, FairPoint.side_id)
    counted = Counter({
        (poll_id, reason_id, side_id): readers
        for poll_id, reason_id, side_id, readers in session.execute(
            select(*columns, func.count()).group_by(*columns)
        )
    })  # fmt: skip
    wrong = [
        WrongCount(*key, tallied[key], counted[key])
        for key in sorted(tallied.keys() | counted.keys())
        if tallied[key] != counted[key]
    ]
    if repair:
        for one in wrong:
            _set(session, one)
    return wrong


def _set(session: Session, wrong: WrongCount) -> None:
    key = {"reason_id": wrong.reason_id, "side_id": wrong.side_id}
    value = {"readers": wrong.counted}
    statement = insert_into(FairCount, session.get_bind().dialect).values(**key, **value)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=value))
    raise_version(session, wrong.poll_id)
