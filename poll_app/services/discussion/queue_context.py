"""What moderators need to know beside a text: its question, reports, decisions, what it replies to;
looked up for a page of texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from poll_app.database import db
from poll_app.models import Act, Poll, Reason, Report
from poll_app.services.poll_views import PollView, view_of


@dataclass(frozen=True)
class PastDecision:
    """A decision about a text of the same writer, or an earlier one about this text."""

    act_id: int
    reason_id: int
    at: datetime
    who: str
    act: str
    state: str
    codes: tuple[str, ...]


def polls_of(ids: set[int], now: datetime) -> dict[int, PollView]:
    """The questions with these numbers."""
    polls = db.session.scalars(
        select(Poll)
        .where(Poll.id.in_(ids))
        .options(selectinload(Poll.options), joinedload(Poll.article))
    )
    return {poll.id: view_of(poll, now) for poll in polls}


def reports_on(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many readers reported what of each text, most first."""
    found: dict[int, dict[str, int]] = {}
    for reason_id, code, number in db.session.execute(
        select(Report.reason_id, Report.code, func.count())
        .where(Report.reason_id.in_(ids))
        .group_by(Report.reason_id, Report.code)
        .order_by(func.count().desc(), Report.code)
    ):
        found.setdefault(reason_id, {})[code] = number
    return found


def decisions_about(ids: Sequence[int]) -> dict[int, list[PastDecision]]:
    """Every decision about texts that the writer of each wrote to the question, oldest first."""
    mine, other = aliased(Reason), aliased(Reason)
    same = (other.id == mine.id) | (
        (other.poll_id == mine.poll_id) & (other.voter_key == mine.voter_key)
    )
    found: dict[int, list[PastDecision]] = {}
    for reason_id, about, act in db.session.execute(
        select(mine.id, other.id, Act)
        .join(other, same)
        .join(Act, Act.reason_id == other.id)
        .where(mine.id.in_(ids), Act.act != "reason.replied")
        .order_by(Act.id)
    ):
        found.setdefault(reason_id, []).append(
            PastDecision(
                act_id=act.id, reason_id=about, at=act.at, who=act.who, act=act.act,
                state=str(act.after["state"]), codes=tuple(str(act.after["codes"]).split()),
            )
        )  # fmt: skip
    return found


def parent_texts(rows: Sequence[Reason]) -> dict[int, str]:
    """The texts that these reply to."""
    parents = {row.parent_id for row in rows if row.parent_id is not None}
    found = db.session.execute(select(Reason.id, Reason.text).where(Reason.id.in_(parents)))
    return {row[0]: row[1] for row in found}
