"""The drawings of a result: where columns and lines stand, as attributes of SVG.

A drawing repeats for the eye what a table says; it has no words and needs no style of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from poll_app.domain.over_time import OverTime

LINE_WIDTH = 1000
_FILLED = 0.8  # of the room of a column


@dataclass(frozen=True)
class Column:
    """A column of ballots: its box in percent of the drawing."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Chart:
    """Ballots over time as columns under the largest number, and for each option by id the line of
    its share in a box of 1000 by 100; `last`: its newest share, as printed."""

    columns: tuple[Column, ...]
    most: int
    lines: dict[int, str]
    last: dict[int, str]


def chart_of(course: OverTime, option_ids: Sequence[int]) -> Chart:
    """The drawing of a course of a result."""
    most = max(1, *(step.ballots for step in course.steps))
    room = 100 / len(course.steps)
    columns = tuple(
        Column(
            x=f"{room * (place + (1 - _FILLED) / 2):.2f}%",
            y=f"{100 - height:.2f}%",
            width=f"{room * _FILLED:.2f}%",
            height=f"{height:.2f}%",
        )
        for place, step in enumerate(course.steps)
        for height in [100 * max(step.ballots, 0) / most]
    )
    told = [step.shares for step in course.steps if step.shares]
    return Chart(
        columns,
        most,
        {option_id: _line(course, option_id) for option_id in option_ids} if told else {},
        {option_id: told[-1][option_id].label for option_id in option_ids} if told else {},
    )


def _line(course: OverTime, option_id: int) -> str:
    """A path with a gap wherever there are too few ballots; a point by itself is a dot."""
    room = LINE_WIDTH / len(course.steps)
    places = enumerate(course.steps)
    parts = []
    for is_told, run in groupby(places, key=lambda place: place[1].shares is not None):
        if is_told:
            points = [
                f"{room * (place + 0.5):.1f} {100 - step.shares[option_id].exact:.1f}"
                for place, step in run
                if step.shares
            ]
            parts.append("M" + "L".join(points) + ("h0" if len(points) == 1 else ""))
    return "".join(parts)
