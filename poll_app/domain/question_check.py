"""The question check: what an editor may want to consider before readers see a question.

Hints, never a score: every one of them can be wrong, and an editor may go on with a reason.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from poll_app.domain import question_words as words
from poll_app.domain.polls import MAX_OPTION_LENGTH, MAX_OPTIONS, MAX_QUESTION_LENGTH
from poll_app.domain.sentences import Sentence, sentence

_LONG_LABEL = 60
_MUCH_LONGER = 3
_FEW_ON_A_SCALE = 3


@dataclass(frozen=True)
class Hint:
    """Something to consider. `code` stays the same in every language and stands in the record."""

    code: str
    sentence: Sentence


def check_question(
    question: str, options: Sequence[str] = (), *, not_sure: bool = True
) -> tuple[Hint, ...]:
    """What to consider in this question and these options, "Not sure" left out of them; nothing is
    said about options where there are none yet. What is longer than a poll may be is cut off."""
    written = _plain(question[:MAX_QUESTION_LENGTH])
    found = [hint for rule in _QUESTION_RULES if (hint := rule(written))]
    shortened = (option[:MAX_OPTION_LENGTH] for option in options[:MAX_OPTIONS])
    labels = [label for label in map(_plain, shortened) if label]
    if labels:
        if not not_sure:
            found.append(
                Hint(
                    "not-sure",
                    sentence(
                        "There is no “Not sure”. Readers without a view then pick something or "
                        "leave."
                    ),
                )
            )
        found += [hint for options_rule in _OPTION_RULES if (hint := options_rule(labels))]
    return tuple(found)


def _plain(text: str) -> str:
    """The text with one kind of apostrophe and space; its case is kept."""
    text = unicodedata.normalize("NFC", text)
    return " ".join(text.replace("’", "'").replace("‘", "'").split())


def _leading(question: str) -> Hint | None:
    found = words.LEADING.search(question.lower())
    return found and Hint(
        "leading",
        sentence("“%(words)s” says which answer is expected. Ask without it.", words=found.group()),
    )


def _loaded(question: str) -> Hint | None:
    found = words.LOADED.search(question.lower())
    return found and Hint(
        "loaded",
        sentence(
            "“%(words)s” judges before readers have answered. Would both sides use it?",
            words=found.group(),
        ),
    )


def _double(question: str) -> Hint | None:
    if not (
        words.SECOND_QUESTION.search(question.lower()) or words.SECOND_DEED_GERMAN.search(question)
    ):
        return None
    return Hint(
        "double",
        sentence(
            "This may be two questions in one. Could a reader say yes to one part and no to the "
            "other?"
        ),
    )


def _undated(question: str) -> Hint | None:
    asked = question.lower()
    if not words.PREDICTION.search(asked) or words.DATED.search(asked):
        return None
    return Hint(
        "undated",
        sentence(
            "This asks what will happen, but not by when. With a date it can be told later which "
            "answer came true."
        ),
    )


def _negated(question: str) -> Hint | None:
    asked = words.LEADING.sub(" ", question.lower())
    negations = len(words.NEGATION.findall(asked))
    if negations and negations + len(words.REFUSING.findall(asked)) > 1:
        return Hint(
            "double-negative",
            sentence("Two noes in one question: it is hard to tell what “Yes” then means."),
        )
    if negations:
        return Hint(
            "negation",
            sentence("The question holds a “not”. Would readers answer faster without it?"),
        )
    return None


def _absolute(question: str) -> Hint | None:
    found = words.ABSOLUTE.search(question.lower())
    return found and Hint(
        "absolute",
        sentence(
            "“%(words)s” leaves no exception. Readers who think of one can’t agree.",
            words=found.group(),
        ),
    )


def _lopsided(labels: Sequence[str]) -> Hint | None:
    """One option that says much more than the others, or argues where they don't."""
    argued = [label for label in labels if words.ARGUED.search(label.lower())]
    if 0 < len(argued) < len(labels):
        told = argued[0]
    else:
        told = max(labels, key=len)
        lengths = sorted(map(len, labels))
        if len(told) < max(_LONG_LABEL, _MUCH_LONGER * median(lengths[:-1] or lengths)):
            return None
    return Hint(
        "lopsided",
        sentence(
            "“%(label)s” says more than the other options. Give each the same weight.", label=told
        ),
    )


def _unbalanced(labels: Sequence[str]) -> Hint | None:
    """A scale with more steps on one side, or two more options for one side than for the other."""
    lowered = [label.lower() for label in labels]
    against = sum(bool(words.NEGATIVE.search(label)) for label in lowered)
    in_favour = sum(
        bool(words.POSITIVE.search(label)) and not words.NEGATIVE.search(label) for label in lowered
    )
    judged = against + in_favour
    is_scale = judged >= _FEW_ON_A_SCALE and judged >= len(labels) - 1
    if abs(in_favour - against) < (1 if is_scale else 2):
        return None
    return Hint(
        "unbalanced",
        sentence(
            "%(more)s options lean one way and %(fewer)s the other. A fair choice has as many on "
            "each side.",
            more=max(in_favour, against),
            fewer=min(in_favour, against),
        ),
    )


def _overlapping(labels: Sequence[str]) -> Hint | None:
    """Ranges that share a number, or an option that covers the others."""
    ranges = sorted(
        (int(found[1]), int(found[2]), label)
        for label in labels
        if (found := words.RANGE.search(label))
    )
    for (_, end, one), (start, _, other) in pairwise(ranges):
        if start <= end:
            return Hint(
                "overlapping",
                sentence("“%(one)s” and “%(other)s” overlap.", one=one, other=other),
            )
    for label in labels:
        if words.COVERS_OTHERS.search(label.lower()):
            return Hint(
                "overlapping",
                sentence(
                    "“%(label)s” covers other options. Letting readers choose several says more.",
                    label=label,
                ),
            )
    return None


_QUESTION_RULES: tuple[Callable[[str], Hint | None], ...] = (
    _leading, _loaded, _double, _undated, _negated, _absolute,
)  # fmt: skip
_OPTION_RULES: tuple[Callable[[Sequence[str]], Hint | None], ...] = (
    _unbalanced, _lopsided, _overlapping,
)  # fmt: skip
