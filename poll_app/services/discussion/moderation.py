"""What moderators decide about texts of readers: publish, reject, hold, undo, erase, reply.

Each decision is a line of the record, with the state and the codes before and after and never a
word of the text. A decision names the revision of the text that was looked at: who comes second, or
looked at a text that its writer has changed since, is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.discussion.codes import kept_on_hold, parse_rejection
from poll_app.domain.discussion.rules import Decision, decided_state, whole_hour
from poll_app.domain.discussion.texts import clean_reason_text
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Act, Poll, Reason
from poll_app.services.discussion.stored import (
    locked_discussion,
    locked_reason,
    no_such_reason,
    raise_version,
)
from poll_app.services.discussion.writing import erase_words
from poll_app.services.record import record

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Decided:
    """A decision that stands; `act_id` undoes it."""

    reason_id: int
    act_id: int
    state: str


@dataclass(frozen=True)
class Decisions:
    """What was decided, and what was left because somebody else came first or changed it."""

    done: tuple[Decided, ...]
    missed: tuple[int, ...]


def decide(
    chosen: Mapping[int, int], decision: Decision, *, code: str = "", by: Person, now: datetime
) -> Decisions:
    """Decides about texts, by number and the revision that was looked at. Rejecting needs a code;
    what readers have seen is removed and leaves a tombstone.

    Raises Outdated when nothing is left to decide, NotFound for an unknown number, Refusal, also
    for words that were erased.
    """
    if decision == "reject":
        parse_rejection(code)
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        raise Refusal(
            sentence("Choose between 1 and %(most)s texts.", most=MOST_AT_ONCE), field="reason"
        )
    with writing() as session:
        done: list[Decided] = []
        missed: list[int] = []
        for reason, poll in _locked(session, chosen):
            if reason.revision != chosen[reason.id] or reason.state == "deleted":
                missed.append(reason.id)
            else:
                held = " ".join(kept_on_hold(reason.state, reason.codes.split()))
                codes = {"reject": code, "hold": held}.get(decision, "")
                done.append(_decide(session, reason, poll, decision, codes, by=by, now=now))
        if not done:
            raise Outdated(_TOO_LATE)
        return Decisions(tuple(done), tuple(missed))


def undo(act_id: int, *, by: Person, now: datetime) -> Decided:
    """Puts a text back to the state before that decision. Raises NotFound, and Outdated when the
    text was changed, deleted or decided about since."""
    with writing() as session:
        act = session.get(Act, act_id)
        if act is None or act.reason_id is None or act.act not in _DECISIONS.values():
            raise NotFound(sentence("There is no such decision."))
        reason, poll = locked_reason(session, act.reason_id)
        if reason.revision != act.after["revision"]:
            raise Outdated(_TOO_LATE)
        before = _facts(reason)
        reason.state = str(act.before["state"])
        reason.codes = str(act.before["codes"])
        reviewed = act.before["reviewed"]
        reason.reviewed = reviewed if isinstance(reviewed, int) else None
        reason.revision += 1
        return _recorded(session, "reason.undone", reason, poll, before, by=by, now=now)


def erase_reason(reason_id: int, *, code: str, by: Person, now: datetime) -> Decided:
    """Removes a text and erases its words for good, where the law or its writer asks for it; the
    marks and counts stay. Raises NotFound, Refusal without a code."""
    parse_rejection(code)
    with writing() as session:
        reason, poll = locked_reason(session, reason_id)
        if reason.state == "deleted":
            raise no_such_reason()
        before = _facts(reason)
        erase_words(session, reason)
        reason.state = decided_state("reject", was_published=reason.published_hour is not None)
        reason.codes = code
        return _recorded(session, "reason.erased", reason, poll, before, by=by, now=now)


def reply_as_editor(reason_id: int, text: str, *, by: Person, now: datetime) -> int:
    """Publishes a reply of the newsroom, marked as such and signed with the person's name; also
    when the discussion has closed. Returns its number. Raises NotFound, Refusal."""
    with writing() as session:
        parent, poll = locked_reason(session, reason_id)
        if parent.state != "published" or parent.parent_id is not None or by.id is None:
            raise no_such_reason()
        clean, hour = clean_reason_text(text), whole_hour(now)
        twin = session.scalar(
            select(Reason.id).where(
                Reason.parent_id == parent.id, Reason.account_id == by.id, Reason.text == clean,
                Reason.state == "published",
            )
        )  # fmt: skip
        if twin is not None:
            return twin
        reply = Reason(
            poll_id=poll.id, parent_id=parent.id, account_id=by.id, name=by.name, text=clean,
            state="published", hour=hour, published_hour=hour, reviewed=0, revision=1,
        )  # fmt: skip
        session.add(reply)
        session.flush()
        raise_version(session, poll.id)
        record(session, "reason.replied", by=by, now=now, on=poll, reason_id=reply.id)
        return reply.id


_DECISIONS = {
    "published": "reason.published",
    "rejected": "reason.rejected",
    "removed": "reason.removed",
    "held": "reason.held",
}
_TOO_LATE = sentence(
    "Somebody else has decided about this meanwhile, or its writer has changed it. Look again."
)


def _locked(session: Session, chosen: Mapping[int, int]) -> list[tuple[Reason, Poll]]:
    """The texts with their questions, the discussions locked in the order of their numbers."""
    of_poll = session.execute(select(Reason.id, Reason.poll_id).where(Reason.id.in_(chosen))).all()
    if len(of_poll) < len(chosen):
        raise no_such_reason()
    polls = {
        poll_id: locked_discussion(session, poll_id)
        for poll_id in sorted({row.poll_id for row in of_poll})
    }
    reasons = session.scalars(
        select(Reason)
        .where(Reason.id.in_(chosen))
        .order_by(Reason.id)
        .execution_options(populate_existing=True)
    )
    return [(reason, polls[reason.poll_id]) for reason in reasons]


def _decide(
    session: Session, reason: Reason, poll: Poll, decision: Decision, codes: str, *,
    by: Person, now: datetime,
) -> Decided:  # fmt: skip
    if not reason.text:
        raise Refusal(
            sentence(
                "The words of text %(number)s were erased: there is nothing left to decide.",
                number=str(reason.id),
            )
        )
    before = _facts(reason)
    was_published = reason.published_hour is not None
    reason.state, reason.codes = decided_state(decision, was_published=was_published), codes
    if reason.state == "published":
        reason.published_hour = reason.published_hour or whole_hour(now)
        reason.reviewed = reason.reports
    reason.revision += 1
    return _recorded(session, _DECISIONS[reason.state], reason, poll, before, by=by, now=now)


def _facts(reason: Reason) -> dict[str, object]:
    """What the record keeps: nothing that the reader wrote."""
    return {
        "state": reason.state,
        "codes": reason.codes,
        "reviewed": reason.reviewed,
        "revision": reason.revision,
    }


def _recorded(
    session: Session, act: str, reason: Reason, poll: Poll, before: dict[str, object], *,
    by: Person, now: datetime,
) -> Decided:  # fmt: skip
    line = record(
        session, act, by=by, now=now, on=poll, before=before, after=_facts(reason),
        reason_id=reason.id,
    )  # fmt: skip
    session.flush()
    raise_version(session, poll.id)
    return Decided(reason.id, line.id, reason.state)
