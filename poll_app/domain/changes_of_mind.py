"""Changes of mind: what readers who answered more than once said first, and what they say now.

Only ballots of the same reader count here: everybody else's opinion may have been different from
the start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

MIN_READERS = 10
MAX_P = 0.01


@dataclass(frozen=True)
class FirstAnswer:
    """So many readers answered this at first and answered again: how many of them have a counted
    ballot now, how many withdrew it, and how many now hold which option."""

    option_ids: tuple[int, ...]
    readers: int
    withdrew: int
    now: Mapping[int, int]


@dataclass(frozen=True)
class OptionChanges:
    """One option among those readers: at first, now, who came to it and who left it."""

    option_id: int
    first: int
    now: int
    came: int
    left: int


@dataclass(frozen=True)
class Move:
    """So many readers left one option for another (single choice)."""

    from_id: int
    to_id: int
    readers: int


@dataclass(frozen=True)
class ChangesOfMind:
    """`readers` answered again and still have a counted ballot; `kept`: those of them who ended
    where they began (None in choose-several); `withdrew` beside them. `more_to`: the option that
    clearly more readers came to than left."""

    readers: int
    kept: int | None
    withdrew: int
    options: tuple[OptionChanges, ...]
    moves: tuple[Move, ...]
    more_to: int | None


def changes_of_mind(
    answers: Iterable[FirstAnswer], *, option_ids: Sequence[int], several: bool
) -> ChangesOfMind | None:
    """What these readers changed, options in the order given; None below ten readers.

    Source: results.md, "Changes of mind".
    """
    answers = list(answers)
    readers = sum(answer.readers for answer in answers)
    if readers < MIN_READERS:
        return None
    options = tuple(_option(option_id, answers) for option_id in option_ids)
    moves = [] if several else _moves(answers)
    return ChangesOfMind(
        readers=readers,
        kept=None if several else readers - sum(move.readers for move in moves),
        withdrew=sum(answer.withdrew for answer in answers),
        options=options,
        moves=tuple(moves),
        more_to=_more_to(options),
    )


def _option(option_id: int, answers: Sequence[FirstAnswer]) -> OptionChanges:
    held = [(answer.readers, answer.now.get(option_id, 0)) for answer in answers
            if option_id in answer.option_ids]  # fmt: skip
    came = sum(
        answer.now.get(option_id, 0) for answer in answers if option_id not in answer.option_ids
    )
    first, stayed = sum(readers for readers, _ in held), sum(now for _, now in held)
    return OptionChanges(option_id, first, stayed + came, came, first - stayed)


def _moves(answers: Sequence[FirstAnswer]) -> list[Move]:
    """From where to where, the most travelled way first."""
    moves: Counter[tuple[int, int]] = Counter()
    for answer in answers:
        (first,) = answer.option_ids
        for option_id, readers in answer.now.items():
            if option_id != first:
                moves[first, option_id] += readers
    return [Move(*way, readers) for way, readers in moves.most_common()]


def _more_to(options: Sequence[OptionChanges]) -> int | None:
    """The option with the largest gain, if so uneven a split of those who came and left would be
    rarer than one in a hundred, were both equally likely."""
    most = max(options, key=lambda option: option.came - option.left)
    clear = most.came > most.left and binomial_p(most.came, most.left) < MAX_P
    return most.option_id if clear else None


def binomial_p(first: int, second: int) -> float:
    """The exact two-sided p of a split into these two counts when both sides are equally likely:
    the probability of a split at least as uneven. It is never printed.

    Raises ValueError for a negative count. Source: the binomial distribution with p = 1/2 is
    symmetric, so it is twice the smaller tail.
    """
    fewer, total = min(first, second), first + second
    if fewer < 0:
        raise ValueError(f"negative count: {first}, {second}")
    if 2 * fewer >= total:
        return 1.0
    term = exp(lgamma(total + 1) - lgamma(fewer + 1) - lgamma(total - fewer + 1) - total * log(2))
    tail, k = 0.0, fewer
    while term > tail * 1e-17:
        tail += term
        term *= k / (total - k + 1)  # the next smaller one
        k -= 1
    return min(1.0, 2 * tail)
