"""What a poll may be and when it takes ballots: limits, methods, life cycle.

The state of a poll is a function of its times and the clock; nothing runs in the background.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from poll_app.domain.refusals import NotFound, NotOpen, Refusal
from poll_app.domain.sentences import sentence

MAX_QUESTION_LENGTH = 300
MAX_OPTION_LENGTH = 200
MIN_OPTIONS = 2
MAX_OPTIONS = 20

# How long a closed poll stays on the front page; its own pages stay for ever.
STAYS_LISTED = timedelta(days=30)  # a closed poll, on the front page

Method = Literal["single", "multiple"]
METHODS: tuple[Method, ...] = ("single", "multiple")

ResultsPolicy = Literal["always", "after_vote", "after_close"]
RESULTS_POLICIES: tuple[ResultsPolicy, ...] = ("always", "after_vote", "after_close")

_NOT_SURE = {"de": "Weiß nicht"}

Status = Literal["draft", "scheduled", "open", "closed", "resolved"]


class Scheduled(Protocol):
    """Whatever opens and closes: aware UTC times, None = not set."""

    @property
    def opens_at(self) -> datetime | None:
        """The first moment that counts."""

    @property
    def closes_at(self) -> datetime | None:
        """The first moment that no longer counts."""


def status_at(poll: Scheduled, now: datetime, *, has_outcome: bool = False) -> Status:
    """The state of a poll at `now`: a draft has no opening time, `closes_at` is the first moment
    that no longer counts. A closed one that has an outcome is resolved."""
    if poll.opens_at is None:
        return "draft"
    if now < poll.opens_at:
        return "scheduled"
    if poll.closes_at is not None and now >= poll.closes_at:
        return "resolved" if has_outcome else "closed"
    return "open"


def not_sure_label(language: str | None) -> str:
    """What the option for the undecided is called in this language, as far as it is known."""
    return _NOT_SURE.get((language or "").partition("-")[0].partition("_")[0], "Not sure")


def is_over(status: str) -> bool:
    """Whether nobody can vote any more."""
    return status in {"closed", "resolved"}


def refuse_unless_open(poll: Scheduled, now: datetime) -> None:
    """Raises NotFound for a draft, NotOpen (with since or until when) unless ballots count now."""
    status = status_at(poll, now)
    if status == "draft":
        raise NotFound(sentence("There is no such question."))
    if status == "scheduled":
        raise NotOpen(sentence("Voting opens on %(when)s.", when=poll.opens_at))
    if status == "closed":
        raise NotOpen(sentence("Voting closed on %(when)s.", when=poll.closes_at))


def clean_text(text: str, *, limit: int, field: str) -> str:
    """`text` in NFC with its white space folded.

    Raises Refusal when nothing is left, when it is longer than `limit` characters, or when it
    holds control or direction-changing characters (they can make "No" read as "Yes").
    """
    folded = " ".join(text.split())
    # Normalising takes quadratic time in stacked accents: nothing long may come that far. It makes
    # at most four characters into one, so whatever is this long stays too long.
    if len(folded) <= _MOST_DECOMPOSED * limit:
        folded = unicodedata.normalize("NFC", folded)
        if not shows_something(folded):
            raise Refusal(sentence("Enter some text."), field=field)
    if len(folded) > limit:
        raise Refusal(
            sentence(
                "Use at most %(limit)s characters, not %(length)s.", limit=limit, length=len(folded)
            ),
            field=field,
        )
    if any(_is_unwanted(char) and char not in _JOINERS for char in folded):
        raise Refusal(
            sentence(
                "Remove the control or direction-changing characters from “%(text)s”.",
                text="".join(c for c in folded if not _is_unwanted(c)),
            ),
            field=field,
        )
    return folded


def shows_something(text: str) -> bool:
    """Whether anything of it can be seen: accents without a letter can't, for example."""
    return any(char.isprintable() and not _is_invisible(char) for char in text)


_MOST_DECOMPOSED = 4
# Cc: control, Cf: format (bidi overrides, isolates, zero width), Cs: lone surrogates, Co: private.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co"})
_NO_CHARACTERS = frozenset("\ufffe\uffff")  # no XML may hold them, so no feed and no picture
# Persian, Hindi and others need these two between letters.
_JOINERS = frozenset("\u200c\u200d")
# Letters and a sign by category, blank on screen: the Hangul fillers and the Braille blank.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Mn, Me: accents and variation selectors, which show nothing without a letter.
_INVISIBLE = _UNWANTED | {"Mn", "Me"}


def _is_unwanted(char: str) -> bool:
    return unicodedata.category(char) in _UNWANTED or char in _NO_CHARACTERS


def _is_invisible(char: str) -> bool:
    return (
        char.isspace()
        or char in _BLANK_LETTERS
        or char in _JOINERS
        or unicodedata.category(char) in _INVISIBLE
    )


def check_options(
    labels: Sequence[str], *, min_choices: int, max_choices: int, not_sure: bool = False
) -> None:
    """Raises Refusal unless the options can make a poll: 2 to 20, all different, the smallest and
    largest number of choices within them. `not_sure`: the last one is "Not sure", which counts
    among the 20 but is no choice by itself."""
    if len(labels) > MAX_OPTIONS or len(labels) - not_sure < MIN_OPTIONS:
        limits = {"least": MIN_OPTIONS, "most": MAX_OPTIONS - not_sure}
        raise Refusal(
            sentence("Give %(least)s to %(most)s options, without “Not sure”.", **limits)
            if not_sure
            else sentence("Give %(least)s to %(most)s options.", **limits),
            field="option",
        )
    if len({label.casefold() for label in labels}) < len(labels):
        raise Refusal(sentence("Two options are the same."), field="option")
    if not 1 <= min_choices <= max_choices <= len(labels) - not_sure:
        raise Refusal(
            sentence("The number of choices must lie between 1 and the number of options."),
            field="max_choices",
        )


def check_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Raises Refusal for a poll that would close before it takes a ballot."""
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Refusal(sentence("A question has to close after it has opened."), field="closes_at")
