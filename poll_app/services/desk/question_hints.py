"""What the question check says of stored questions, and going on in spite of it."""

from __future__ import annotations

from collections.abc import Collection

from poll_app.domain.question_check import Hint, check_question
from poll_app.domain.record import clean_reason
from poll_app.models import Poll


def hints_of(poll: Poll) -> tuple[Hint, ...]:
    """What the question check says of a stored question."""
    labels = [option.label for option in poll.options if not option.not_sure]
    return check_question(
        poll.question, labels, not_sure=any(option.not_sure for option in poll.options)
    )


def overruled(
    poll: Poll, reason: str, *, field: str = "reason", known: Collection[Hint] = ()
) -> tuple[dict[str, object], str]:
    """What the record keeps of going on in spite of hints, and why; nothing where there are none
    but those `known` before. Raises Refusal with this field where no reason is given."""
    codes = [hint.code for hint in hints_of(poll) if hint not in known]
    return ({"hints": codes}, clean_reason(reason, field=field)) if codes else ({}, "")
