"""Words that readers have answered: correcting a typing mistake, or starting a new wording."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.articles import MAX_SLUG_LENGTH
from poll_app.domain.polls import MAX_OPTION_LENGTH, MAX_QUESTION_LENGTH, clean_text
from poll_app.domain.record import clean_reason
from poll_app.domain.refusals import Refusal
from poll_app.domain.schedule import refuse_unless
from poll_app.domain.sentences import sentence
from poll_app.domain.wording import Wording, check_correction
from poll_app.models import Act, Poll, Survey
from poll_app.services.desk.polls import content_as_new, has_ballots, locked_poll, touch
from poll_app.services.desk.question_hints import overruled
from poll_app.services.polls import NewPoll, cleaned, content_of, put_poll
from poll_app.services.record import record
from poll_app.services.slugs import free_slug

_ROOM_FOR_NUMBER = 6


def correct_wording(
    slug: str, wording: Wording, *, revision: int, by: Person, now: datetime
) -> None:
    """Puts typing mistakes right and keeps the ballots. `wording` has the options in their order,
    "Not sure" last. Raises NotFound, Outdated, and Refusal for more than that.
    """
    with writing() as session:
        poll = locked_poll(session, slug, revision=revision)
        _refuse_without_ballots(session, poll)
        clean = Wording(
            clean_text(wording.question, limit=MAX_QUESTION_LENGTH, field="question"),
            tuple(
                clean_text(label, limit=MAX_OPTION_LENGTH, field="option")
                for label in wording.labels
            ),
        )
        stands = wording_of(poll)
        check_correction(stands, clean, first=_first_wording(session, poll))
        before, after = _differing(stands, clean), _differing(clean, stands)
        for option, label in zip(poll.options, clean.labels, strict=True):
            option.label = label
        poll.question = clean.question
        touch(poll)
        record(session, "poll.corrected", by=by, now=now, on=poll, before=before, after=after)


def reword(
    slug: str,
    new: NewPoll,
    *,
    reason: str,
    in_spite: str = "",
    revision: int,
    by: Person,
    now: datetime,
) -> None:
    """Starts a new wording, with ballots of its own, at the same address; the earlier one is closed
    and its result stays beside it. Surveys go with the question.

    Raises NotFound, Outdated, and Refusal for a poll that is not open, has no ballots yet or would
    stay the same, without a reason, for what a poll can't be, and where the question check has
    hints and nothing says why the new wording opens `in_spite` of them.
    """
    with writing() as session:
        old = locked_poll(session, slug, revision=revision)
        refuse_unless(old, "open", now=now)
        _refuse_without_ballots(session, old)
        clean = replace(cleaned(new, complete=True), slug=slug)
        before = content_of(old)
        if clean == replace(cleaned(content_as_new(old), complete=True), slug=slug):
            raise Refusal(sentence("Nothing was changed."), field="question")
        why = clean_reason(reason)
        old.slug = _slug_of_earlier(session, old)
        closes_at, old.closes_at = old.closes_at, now
        session.flush()
        poll = put_poll(
            session, clean, article=old.article, opens_at=now, closes_at=closes_at, now=now
        )
        poll.place, poll.wording_version = old.place, old.wording_version + 1
        hints, why_then = overruled(poll, in_spite, field="in_spite")
        told = {**hints, "in_spite": why_then} if hints else {}
        old.replaced_by_id = poll.id
        session.execute(update(Survey).where(Survey.poll_id == old.id).values(poll_id=poll.id))
        record(
            session, "poll.reworded", by=by, now=now, on=poll,
            before={**before, "wording_version": old.wording_version},
            after={**content_of(poll), "wording_version": poll.wording_version, **told},
            reason=why,
        )  # fmt: skip


def wording_of(poll: Poll) -> Wording:
    """The words readers answer."""
    return Wording(poll.question, tuple(option.label for option in poll.options))


def _first_wording(session: Session, poll: Poll) -> Wording:
    """The words that stood there at the first ballot: every correction since then taken back."""
    wording = wording_of(poll)
    corrections = (Act.poll_id == poll.id, Act.act == "poll.corrected", Act.at >= poll.created_at)
    for act in session.scalars(select(Act).where(*corrections).order_by(Act.id.desc())):
        before, after = dict[str, Any](act.before), dict[str, Any](act.after)
        earlier = dict(zip(after.get("options", []), before.get("options", []), strict=True))
        wording = Wording(
            before.get("question", wording.question),
            tuple(earlier.get(label, label) for label in wording.labels),
        )
    return wording


def _differing(one: Wording, other: Wording) -> dict[str, object]:
    """What `one` says that `other` says otherwise."""
    told: dict[str, object] = {}
    if one.question != other.question:
        told["question"] = one.question
    pairs = zip(one.labels, other.labels, strict=True)
    if labels := [label for label, otherwise in pairs if label != otherwise]:
        told["options"] = labels
    return told


def _refuse_without_ballots(session: Session, poll: Poll) -> None:
    if not has_ballots(session, poll):
        raise Refusal(sentence("Nobody has answered yet: edit the question itself."))


def _slug_of_earlier(session: Session, poll: Poll) -> str:
    """Its address with the number of its wording: nato-troops-wording-1."""
    ending = f"-wording-{poll.wording_version}"
    stem = poll.slug[: MAX_SLUG_LENGTH - len(ending) - _ROOM_FOR_NUMBER].rstrip("-")
    return free_slug(session, Poll.slug, wanted=None, text=stem + ending, otherwise="question")
