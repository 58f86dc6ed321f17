"""Reports: readers say what is wrong with a text; several hold it until a moderator has looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.discussion.codes import parse_report
from poll_app.domain.discussion.rules import HOLDING_REPORTS, refuse_more_reports, whole_hour
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import KeyHolder
from poll_app.models import COUNTED, Ballot, Poll, Reason, Report
from poll_app.services.discussion.marks import Marked
from poll_app.services.discussion.stored import (
    find_standpoint,
    key_of,
    locked_reason,
    no_such_reason,
    raise_version,
)


def report_reason(
    reason_id: int, voter: KeyHolder, code: str, *, first: bool = True, now: datetime
) -> Marked:
    """Reports a published text or reply, once per reader, also after the discussion has closed.

    Anybody may, and moderators see it. So that nobody makes a text vanish with a few fresh browsers
    it weighs only while the reader's ballot counts, and where it came `first` from its network.
    Raises NotFound, TooMany, Refusal.
    """
    code = parse_report(code)
    with writing() as session:
        reason, poll = locked_reason(session, reason_id)
        if reason.state != "published":
            raise no_such_reason()
        key = key_of(poll, voter)
        if reason.voter_key == key:
            raise Refusal(sentence("This is your own text. You can delete it."))
        known = session.get(Report, (reason.id, key))
        if known is not None:
            known.code = code
            return Marked(poll.slug, stands=True)
        _refuse_many(session, poll, key, now=now)
        weighs = first and find_standpoint(session, poll, voter) is not None
        session.add(
            Report(
                reason_id=reason.id, voter_key=key, code=code, hour=whole_hour(now), weighs=weighs
            )
        )
        session.flush()
        reason.reports += 1
        holds = reason.reviewed is None and reason.account_id is None
        if holds and _weight(session, reason) >= HOLDING_REPORTS:
            reason.state, reason.codes = "held", "reports"
            reason.revision += 1
            raise_version(session, poll.id)
        return Marked(poll.slug, stands=True)


def take_back_report(reason_id: int, voter: KeyHolder) -> Marked:
    """Takes the reader's report back, where there is one; what is held stays held."""
    with writing() as session:
        reason, poll = locked_reason(session, reason_id)
        known = session.get(Report, (reason.id, key_of(poll, voter)))
        if known is not None:
            session.delete(known)
            reason.reports -= 1
            if reason.reviewed is not None:
                reason.reviewed = min(reason.reviewed, reason.reports)
        return Marked(poll.slug, stands=False)


def _refuse_many(session: Session, poll: Poll, key: bytes, *, now: datetime) -> None:
    hours = session.scalars(
        select(Report.hour)
        .join(Reason, Reason.id == Report.reason_id)
        .where(Reason.poll_id == poll.id, Report.voter_key == key)
    ).all()
    refuse_more_reports(hours.count(whole_hour(now)), len(hours))


def _weight(session: Session, reason: Reason) -> int:
    """How many reports weigh now: a ballot that was withdrawn since took its report along."""
    counted = (
        select(func.count())
        .select_from(Report)
        .join(Ballot, Ballot.voter_key == Report.voter_key)
        .where(
            Report.reason_id == reason.id, Report.weighs,
            Ballot.poll_id == reason.poll_id, Ballot.state == COUNTED,
        )
    )  # fmt: skip
    return session.scalar(counted) or 0
