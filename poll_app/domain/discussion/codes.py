"""States of a reason, and every code that stands beside one, with what its writer reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import Sentence, sentence

State = Literal["held", "published", "rejected", "removed", "deleted"]
STATES: tuple[State, ...] = ("held", "published", "rejected", "removed", "deleted")
STATE_WORDS: Mapping[str, Sentence] = {
    "held": sentence("Waits for a moderator"),
    "published": sentence("Published"),
    "rejected": sentence("Rejected"),
    "removed": sentence("Removed by a moderator"),
    "deleted": sentence("Deleted by its writer"),
}

Moderation = Literal["before", "new_writers", "after"]
MODERATIONS: tuple[Moderation, ...] = ("before", "new_writers", "after")
MODERATION_WORDS: Mapping[str, Sentence] = {
    "before": sentence("Everything is read before it is shown"),
    "new_writers": sentence("A reader’s first text to a question is read before it is shown"),
    "after": sentence("Everything is shown at once and read afterwards"),
}

# Why something waits for a moderator.
_HELD: dict[str, Sentence] = {
    "length": sentence("It is very short."),
    "links": sentence("It contains a link."),
    "duplicate": sentence("The same text was sent before."),
    "too_fast": sentence("It was sent very soon after the page was opened."),
    "honeypot": sentence("A field was filled in that is meant to stay empty."),
    "words": sentence("It contains a word that we look at before it is shown."),
    "rejected_before": sentence("A moderator has rejected a text of yours here before."),
    "new_writer": sentence("A moderator reads the first text of every writer to a question."),
    "before": sentence("A moderator reads every text before it is shown."),
    "reports": sentence("Several readers have reported it."),
    "moderator": sentence("A moderator wants to look at it again."),
}
# Why a moderator did not publish it, or took it away. Readers report with the same codes.
REJECTIONS: dict[str, Sentence] = {
    "off_topic": sentence("It is not about this question."),
    "insult": sentence("It insults somebody."),
    "hate": sentence("It is directed against a group of people."),
    "threat": sentence("It threatens somebody."),
    "personal_data": sentence("It gives private details of somebody."),
    "advertising": sentence("It advertises something."),
    "illegal": sentence("It may be against the law."),
    "false_identity": sentence("It is signed with somebody else’s name."),
    "duplicate": sentence("The same was said before by the same writer."),
}
REPORT_CODES: tuple[str, ...] = tuple(code for code in REJECTIONS if code != "duplicate")


# A person or several readers have held it: an edit does not set it free.
_UNTIL_LOOKED_AT = frozenset({"reports", "moderator"})


def kept_on_edit(state: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that go on holding a text when its writer changes it."""
    return tuple(code for code in codes if state == "held" and code in _UNTIL_LOOKED_AT)


def kept_on_delete(state: str, codes: Iterable[str]) -> tuple[str, ...]:
    """What stays beside a text when its writer deletes it: that it was rejected, removed or held by
    people, so that nobody writes the same again as if nothing had been."""
    return tuple(codes) if state in {"rejected", "removed"} else kept_on_edit(state, codes)


def explained(state: str, codes: Iterable[str]) -> tuple[Sentence, ...]:
    """What the codes of a reason in this state say to its writer, each once."""
    told = REJECTIONS if state in {"rejected", "removed"} else _HELD
    said = [told.get(code) or told[code.partition(".")[0]] for code in codes]
    return tuple(one for at, one in enumerate(said) if one not in said[:at])


def parse_state(stored: str) -> State:
    """A state as the table holds it."""
    return next(state for state in STATES if state == stored)


def parse_rejection(code: str) -> str:
    """Raises Refusal unless it is a reason to reject something."""
    if code not in REJECTIONS:
        raise Refusal(sentence("Choose why. The writer sees it."), field="code")
    return code


def parse_report(code: str) -> str:
    """Raises Refusal unless it is something that readers report."""
    if code not in REPORT_CODES:
        raise Refusal(sentence("Choose what is wrong with it."), field="code")
    return code


def parse_moderation(mode: str) -> Moderation:
    """Raises Refusal unless it is a way to moderate."""
    for one in MODERATIONS:
        if one == mode:
            return one
    raise Refusal(sentence("Choose when texts are read."), field="moderation")
