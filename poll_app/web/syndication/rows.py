"""The rows of a picture: an answer, its figures, its bar on a scale from 0 to 100.

A card has so much room and no more. Long labels stand over their bar while that fits, then beside
it, cut; where not all answers fit, those with the most votes stay and the number of the others is
told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import ngettext

from poll_app.web.language import number
from poll_app.web.syndication.canvas import (
    ACCENT,
    GREY,
    MARGIN,
    ROOM,
    SOFT,
    TRACK,
    Canvas,
)
from poll_app.web.syndication.lettering import width_of

_FIGURES = 250  # the room of share and votes at the end of a row
_LINE = 1.25
_NARROW = 28  # the least that a row with its label beside its bar takes


@dataclass(frozen=True)
class Row:
    """An answer; without figures where there are none to show. `bar`: its share, 0 to 100."""

    label: str
    not_sure: bool
    votes: int = 0
    told: str | None = None
    share: str | None = None
    bar: float | None = None


@dataclass(frozen=True)
class _Style:
    """How rows with the label over the bar look: sizes, most lines of a label, the least gap."""

    size: int
    bar: int
    lines: int | None
    gap: float
    most_gap: float


_CHART = _Style(24, 14, None, 22, 22)
_CARD = (_Style(30, 20, 1, 18, 34), _Style(26, 16, 2, 14, 28), _Style(23, 12, 2, 11, 24))


def draw_rows(canvas: Canvas, rows: Sequence[Row], y: float, end: float | None) -> float:
    """Draws the rows below `y`, and above `end` if there is one; where they end."""
    if end is None:
        return _stacked(canvas, rows, y, _CHART, _CHART.gap)
    for style in _CARD:
        counts = [len(canvas.fit(row.label, style.size, _room(row))) for row in rows]
        bars = sum(style.bar + 4 for row in rows if row.share)
        gap = (end - y - bars - sum(counts) * style.size * _LINE) / len(rows)
        if gap >= style.gap and max(counts) <= (style.lines or 1):
            return _stacked(canvas, rows, y, style, min(gap, style.most_gap))
    return _beside(canvas, rows, y, end)


def _room(row: Row) -> float:
    return ROOM - (_FIGURES if row.told else 40)


def _stacked(canvas: Canvas, rows: Sequence[Row], y: float, style: _Style, gap: float) -> float:
    """Rows with the label over the bar."""
    for row in rows:
        y += gap
        base = y + style.size * 0.95
        indent = 0 if row.told else 36
        if not row.told:
            canvas.ring(MARGIN, base - style.size * 0.72, style.size * 0.72)
        lines = canvas.label(
            MARGIN + indent, base, row.label, style.size, _room(row), most=style.lines
        )
        _figures(canvas, row, base, style.size)
        y += lines * style.size * _LINE + 4
        if row.share:
            _bar(canvas, row, MARGIN, y, ROOM, style.bar)
            y += style.bar
    return y


def _figures(canvas: Canvas, row: Row, base: float, size: int) -> None:
    end = MARGIN + ROOM
    if row.share and row.told:
        canvas.text(end, base, row.share, size, weight="600", at_end=True)
        canvas.text(end - size * 3.1, base, row.told, round(size * 0.78), fill=SOFT, at_end=True)
    elif row.told:
        canvas.text(end, base, row.told, size, weight="600", at_end=True)


def _bar(canvas: Canvas, row: Row, x: float, y: float, room: float, height: int) -> None:
    canvas.box(x, y, room, height, TRACK)
    if row.bar:
        canvas.box(x, y, room * row.bar / 100, height, GREY if row.not_sure else ACCENT)


def _beside(canvas: Canvas, rows: Sequence[Row], y: float, end: float) -> float:
    """Rows with the label beside the bar, as many as there is room for."""
    y += 6
    room = end - y
    fits = max(int(room / _NARROW), 2)
    shown = rows if len(rows) <= fits else _foremost(rows, fits - 1)
    count = len(shown) + (len(shown) < len(rows))
    pitch = min(room / count, 46)
    widest = max(width_of(row.label) * 22 for row in shown)
    label_room = min(widest + 24, 500) if any(row.told for row in rows) else ROOM - 40
    for row in shown:
        base = y + pitch * 0.66
        if not row.told:
            canvas.ring(MARGIN, base - 15, 15)
        canvas.label(MARGIN + (0 if row.told else 32), base, row.label, 22, label_room - 20, most=1)
        _figures(canvas, row, base, 22)
        if row.share:
            start = MARGIN + label_room
            bars = ROOM - label_room - 190
            _bar(canvas, row, start, base - 14, bars, 14)
        y += pitch
    more = len(rows) - len(shown)
    if more:
        told = ngettext(
            "and %(count)s more answer", "and %(count)s more answers", more, count=number(more)
        )
        canvas.text(MARGIN, y + pitch * 0.66, told, 20, fill=SOFT)
        y += pitch
    return y


def _foremost(rows: Sequence[Row], most: int) -> list[Row]:
    """So many rows with the most votes, in the order in which they stood."""
    ranked = sorted(range(len(rows)), key=lambda place: -rows[place].votes)
    return [rows[place] for place in sorted(ranked[:most])]
