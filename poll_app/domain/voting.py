"""What a ballot may hold, what a reader may do with it, and in which order options are shown."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import Sentence, sentence, sentences

_ID = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Choosable:
    """An option as the voting rules see it."""

    id: int
    label: str
    not_sure: bool


@dataclass(frozen=True)
class Act:
    """Something one reader does in one poll at an aware UTC time."""

    poll_id: int
    voter_key: bytes
    at: datetime

    @property
    def hour(self) -> datetime:
        """The hour it falls into: finer times are never stored, they could name a reader."""
        return self.at.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Cast(Act):
    """An answer; `positions` are the places (from 1) at which the options were shown, if known;
    `placement_id`: where the reader came upon the question, if that is known."""

    option_ids: tuple[int, ...]
    positions: tuple[int | None, ...]
    placement_id: int | None = None


@dataclass(frozen=True)
class Withdraw(Act):
    """A reader takes the answer back."""


@dataclass(frozen=True)
class Peek(Act):
    """A reader asks for the results without voting."""


def parse_option_ids(texts: Sequence[str]) -> tuple[int, ...]:
    """Option ids as a form sends them, in plain ASCII digits. Raises Refusal for anything else."""
    if not all(_ID.fullmatch(text) for text in texts):
        raise Refusal(_not_an_option(), field="option")
    return tuple(int(text) for text in texts)


def check_choices(
    chosen: Sequence[int], options: Sequence[Choosable], *, min_choices: int, max_choices: int
) -> None:
    """Raises Refusal unless `chosen` is an answer: known options of this poll, none twice, as many
    as the poll asks for, and "Not sure" only by itself."""
    known = {option.id: option for option in options}
    if any(option_id not in known for option_id in chosen):
        raise Refusal(_not_an_option(), field="option")
    if len(set(chosen)) < len(chosen):
        raise Refusal(sentence("The same answer was sent twice. Choose again."), field="option")
    not_sure = [known[option_id] for option_id in chosen if known[option_id].not_sure]
    if not_sure and len(chosen) > 1 and max_choices > 1:
        raise Refusal(
            sentence("“%(label)s” can’t be combined with another answer.", label=not_sure[0].label),
            field="option",
        )
    if len(chosen) > max_choices:
        raise Refusal(
            sentences("Select one answer only.", "Select at most %(count)s answers.", max_choices),
            field="option",
        )
    if not not_sure and len(chosen) < min_choices:
        raise Refusal(
            sentences("Select an answer.", "Select at least %(count)s answers.", min_choices),
            field="option",
        )


def shuffled(options: Sequence[Choosable], randomness: random.Random) -> tuple[Choosable, ...]:
    """The options in the order that this randomness gives, "Not sure" last: whoever stands first
    gains a little, so nobody may stand there always (results say which share the first place got).
    """
    named = [option for option in options if not option.not_sure]
    randomness.shuffle(named)
    return (*named, *(option for option in options if option.not_sure))


def _not_an_option() -> Sentence:
    return sentence("That answer does not belong to this question. Choose again.")
