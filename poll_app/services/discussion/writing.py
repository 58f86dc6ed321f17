"""Writing: a reason or a reply, edited for a while, deleted at any time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.discussion.codes import State, is_as_seen, kept_on_delete, kept_on_edit
from poll_app.domain.discussion.names import refuse_impersonation
from poll_app.domain.discussion.pipeline import (
    Context,
    Draft,
    folded,
    review,
)
from poll_app.domain.discussion.rules import refuse_edit, refuse_more_texts, whole_hour
from poll_app.domain.discussion.texts import clean_name, clean_reason_text
from poll_app.domain.discussion.times import refuse_unless_discussed
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import KeyHolder
from poll_app.models import Account, Poll, Reason, ReasonText
from poll_app.services.discussion.opening import discussion_rules_of
from poll_app.services.discussion.returning import first_code
from poll_app.services.discussion.stored import (
    key_of,
    locked_discussion,
    locked_reason,
    no_such_reason,
    raise_version,
    standpoint_of,
)
from poll_app.services.poll_views import PollView


@dataclass(frozen=True)
class Written:
    """What became of a text. `codes`: why it waits; `return_code`: shown now and never again, at
    the first text of a reader to a question, else None."""

    id: int
    poll_slug: str
    state: State
    codes: tuple[str, ...]
    return_code: str | None = None


def preview(draft: Draft, *, site_name: str) -> Draft:
    """The draft as it would be stored; nothing is. Raises Refusal for what can't be."""
    return _cleaned(db.session(), draft, site_name)


def write_reason(
    poll: PollView, voter: KeyHolder, draft: Draft, *, site_name: str, now: datetime
) -> Written:
    """Stores why the reader answered so; the same text sent twice is stored once.

    Raises NotOpen, TooMany, and Refusal without a counted ballot, for a second reason, and for a
    text or name that can't be.
    """
    with writing() as session:
        stored = locked_discussion(session, poll.id)
        return _write(session, stored, None, voter, draft, site_name=site_name, now=now)


def write_reply(
    reason_id: int, voter: KeyHolder, draft: Draft, *, site_name: str, now: datetime
) -> Written:
    """Stores a reply to a published reason. Raises as `write_reason` does, and NotFound."""
    with writing() as session:
        parent, poll = locked_reason(session, reason_id)
        if parent.state != "published" or parent.parent_id is not None:
            raise no_such_reason()
        return _write(session, poll, parent.id, voter, draft, site_name=site_name, now=now)


def edit_reason(
    reason_id: int, voter: KeyHolder, draft: Draft, *, site_name: str, now: datetime
) -> Written:
    """Changes the reader's own text, which is looked at like a new one; what readers have seen is
    kept beside it. Raises NotFound for somebody else's, Refusal when it is too late."""
    with writing() as session:
        reason, poll = _own(session, reason_id, voter)
        edits = _edits(session, reason.id)
        refuse_edit(reason.state, reason.hour, edits, now)
        clean = _cleaned(session, draft, site_name)
        if (clean.text, clean.name) != (reason.text, reason.name):
            if reason.published_hour and is_as_seen(reason.state, reason.codes.split()):
                session.add(
                    ReasonText(
                        reason_id=reason.id,
                        number=edits + 1,
                        hour=reason.edited_hour or reason.hour,
                        name=reason.name,
                        text=reason.text,
                    )
                )
            reason.text, reason.name = clean.text, clean.name
            reason.edited_hour, reason.reviewed = whole_hour(now), None
            _judge(session, reason, poll, clean, now=now)
        return _written(reason, poll)


def delete_reason(reason_id: int, voter: KeyHolder) -> str:
    """Erases the words and the name of the reader's own text, at any time; marks and counts stay.
    Returns the slug of the question. Raises NotFound for somebody else's."""
    with writing() as session:
        reason, poll = _own(session, reason_id, voter)
        erase_words(session, reason)
        reason.codes = " ".join(kept_on_delete(reason.state, reason.codes.split()))
        reason.state = "deleted"
        raise_version(session, poll.id)
        return poll.slug


def erase_words(session: Session, reason: Reason) -> None:
    """Name and text, the earlier ones too, are gone."""
    session.execute(delete(ReasonText).where(ReasonText.reason_id == reason.id))
    reason.text = reason.name = ""
    reason.revision += 1


def _write(
    session: Session, poll: Poll, parent_id: int | None, voter: KeyHolder, draft: Draft, *,
    site_name: str, now: datetime,
) -> Written:  # fmt: skip
    refuse_unless_discussed(discussion_rules_of(poll), now)
    standpoint = standpoint_of(session, poll, voter)
    clean = _cleaned(session, draft, site_name)
    own = _own_texts(session, poll, standpoint.key)
    for twin in own:
        if twin.parent_id == parent_id and twin.text == clean.text and twin.state != "deleted":
            return _written(twin, poll)
    if parent_id is None and any(one.parent_id is None and one.state != "deleted" for one in own):
        raise Refusal(sentence("You have given a reason already. You can change or delete it."))
    hour = whole_hour(now)
    refuse_more_texts(sum(one.hour == hour for one in own), len(own))
    reason = Reason(
        poll_id=poll.id, parent_id=parent_id, voter_key=standpoint.key,
        side_id=standpoint.side_id, position=" ".join(map(str, standpoint.option_ids)),
        name=clean.name, text=clean.text, hour=hour, revision=0,
    )  # fmt: skip
    _judge(session, reason, poll, clean, now=now)
    session.add(reason)
    session.flush()
    return replace(_written(reason, poll), return_code=first_code(session, poll.id, standpoint.key))


def _judge(session: Session, reason: Reason, poll: Poll, draft: Draft, *, now: datetime) -> None:
    """Runs the phases; the text is published, or held with their codes."""
    rules = discussion_rules_of(poll)
    own = _own_texts(session, poll, reason.voter_key or b"")
    others = [one for one in own if one is not reason]
    codes = review(
        draft,
        Context(
            moderation=rules.moderation,
            language=poll.article.language if poll.article else None,
            new_writer=not any(one.state == "published" for one in others),
            rejected_before=any(_was_turned_down(one) for one in others),
            own_texts=frozenset(folded(one.text) for one in others if one.text),
            other_texts=_texts_as_long(session, poll, draft.text, but=reason.voter_key),
        ),
    )
    codes = (*codes, *kept_on_edit(reason.state or "", (reason.codes or "").split()))
    reason.state, reason.codes = "held" if codes else "published", " ".join(codes)
    if not codes:
        reason.published_hour = reason.published_hour or whole_hour(now)
    reason.revision += 1
    raise_version(session, poll.id)


def _was_turned_down(reason: Reason) -> bool:
    return reason.state in {"rejected", "removed"} or (
        reason.state == "deleted" and reason.codes != ""
    )


def _texts_as_long(session: Session, poll: Poll, text: str, *, but: bytes | None) -> frozenset[str]:
    """What other readers wrote to this question in as many characters, folded."""
    texts = session.scalars(
        select(Reason.text).where(
            Reason.poll_id == poll.id,
            Reason.voter_key != but,
            func.length(Reason.text) == len(text),
        )
    )
    return frozenset(map(folded, texts))


def _own_texts(session: Session, poll: Poll, key: bytes) -> list[Reason]:
    return list(
        session.scalars(select(Reason).where(Reason.poll_id == poll.id, Reason.voter_key == key))
    )


def _own(session: Session, reason_id: int, voter: KeyHolder) -> tuple[Reason, Poll]:
    reason, poll = locked_reason(session, reason_id)
    if reason.voter_key != key_of(poll, voter) or reason.state == "deleted":
        raise no_such_reason()
    return reason, poll


def _edits(session: Session, reason_id: int) -> int:
    counted = select(func.count()).where(ReasonText.reason_id == reason_id)
    return session.scalar(counted) or 0


def _cleaned(session: Session, draft: Draft, site_name: str) -> Draft:
    name = clean_name(draft.name)
    if name:
        taken: Iterable[str] = [site_name, *session.scalars(select(Account.name))]
        refuse_impersonation(name, taken=taken)
    return replace(draft, name=name, text=clean_reason_text(draft.text))


def _written(reason: Reason, poll: Poll) -> Written:
    state: State = "published" if reason.state == "published" else "held"
    return Written(reason.id, poll.slug, state, tuple(reason.codes.split()))
