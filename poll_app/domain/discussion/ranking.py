"""In which order reasons stand: *fair to the other side*, newest, most marked.

The rank is the group-informed consensus of Polis (Small et al., 2021): for each side the smoothed
part of its readers who found the reason fair, multiplied over the sides. So a side that does not
agree lowers it, however many of another do.

Before it comes one step. The product alone can be flooded: many readers of one side who mark one
reason count as having seen, and passed over, every other. So whatever readers of two sides found
fair stands above whatever only one side did. The undecided are no other side there: whoever has not
made up their mind about the question agrees with it more easily than those who answer otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Order = Literal["fair", "newest", "most_marked"]
ORDERS: tuple[Order, ...] = ("fair", "newest", "most_marked")


@dataclass(frozen=True)
class SideCount:
    """Of the readers of one side: who found the reason fair, and who had it before them when they
    marked any reason of the question. `not_sure`: these are the undecided."""

    option_id: int
    marks: int
    seen: int
    not_sure: bool = False


@dataclass(frozen=True)
class Ranked:
    """A reason as the order sees it; `counts` of every side that takes part."""

    id: int
    published_hour: datetime
    counts: tuple[SideCount, ...]

    @property
    def marks(self) -> int:
        """How many readers found it fair."""
        return sum(count.marks for count in self.counts)


def fairness(groups: Iterable[tuple[int, int]]) -> float:
    """The product of (marks + 1) / (seen + 2) over the sides; whoever marked has seen."""
    pairs = [(marks + 1, max(marks, seen) + 2) for marks, seen in groups]
    return math.prod(above for above, _ in pairs) / math.prod(below for _, below in pairs)


def is_bridge(counts: Iterable[SideCount]) -> bool:
    """Whether readers of at least two sides found it fair, the undecided left out."""
    return sum(count.marks > 0 and not count.not_sure for count in counts) > 1


def seen_since(hour: datetime, markers: Mapping[datetime, int]) -> int:
    """How many readers marked something in that hour or later; `markers`: how many marked last in
    each hour."""
    return sum(number for last, number in markers.items() if last >= hour)


def ordered(reasons: Sequence[Ranked], order: Order) -> list[Ranked]:
    """The reasons in that order; what stands level goes by marks, then by age, the oldest first."""
    if order == "newest":
        return sorted(reasons, key=lambda one: (one.published_hour, one.id), reverse=True)
    if order == "most_marked":
        return sorted(reasons, key=lambda one: (-one.marks, one.id))
    return sorted(reasons, key=_fair_key)


def _fair_key(one: Ranked) -> tuple[bool, float, int, int]:
    score = fairness((count.marks, count.seen) for count in one.counts)
    return (not is_bridge(one.counts), -score, -one.marks, one.id)
