"""The sheet that a picture is drawn on: lines of text and boxes, at places counted from the side
where the page's language begins to write."""

from __future__ import annotations

from dataclasses import dataclass, field

from poll_app.web.syndication.lettering import (
    Weight,
    direction_of,
    families_of,
    has_too_wide_a_word,
    is_ours,
    isolated,
    shortened,
    wrapped,
)

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
ROOM = WIDTH - 2 * MARGIN
# The light values of static/css/tokens.css: a picture has no dark side.
PAPER, INK, SOFT, RULE = "#fcfcfa", "#191b1d", "#54585b", "#d6d7d2"
ACCENT, GREY, TRACK, EDGE = "#0b566b", "#85898c", "#e9eae5", "#7c8083"

_SAFE = 0.92
_UNKNOWN = 0.86  # a text that our fonts can't draw alone: another one may draw all of it
_NARROWER = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6)


@dataclass(frozen=True)
class Line:
    """A line of text; `x` is its left end, or its right one where `anchor` is "end"."""

    x: float
    y: float
    text: str
    size: int
    weight: Weight
    fill: str
    anchor: str
    families: str


@dataclass(frozen=True)
class Box:
    """A rectangle; with a `stroke` its outline alone."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0
    stroke: str = "none"


@dataclass
class Canvas:
    """What has been drawn. Places are counted from the start side, left or right.

    A card is drawn in our own fonts; a chart may be shown in others, which are wider."""

    direction: str
    language: str | None
    is_card: bool
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        self.boxes.append(Box(self._left(x, width), y, round(width, 2), height, fill))

    def ring(self, x: float, y: float, size: float) -> None:
        """A small circle, as a choice on offer has it."""
        left = self._left(x, size)
        self.boxes.append(Box(left, y, size, size, "none", radius=size / 2, stroke=EDGE))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        *,
        weight: Weight = "normal",
        fill: str = INK,
        at_end: bool = False,
        direction: str | None = None,
    ) -> None:
        """A line that begins at `x`, or ends there."""
        is_mirrored = self.direction == "rtl"
        self.lines.append(
            Line(
                x=round(WIDTH - x if is_mirrored else x, 2),
                y=round(y, 2),
                text=isolated(text, direction or self.direction),
                size=size,
                weight=weight,
                fill=fill,
                anchor="end" if at_end != is_mirrored else "start",
                families=families_of(text, self.language),
            )
        )

    def question(self, y: float, lines: list[str], size: int, leading: float) -> float:
        """What the editor wrote, large, from its own start side; where the next line stands."""
        own = direction_of(" ".join(lines))
        is_turned = own != self.direction
        for line in lines:
            x = WIDTH - MARGIN if is_turned else MARGIN
            self.text(x, y, line, size, weight="600", at_end=is_turned, direction=own)
            y += size * leading
        return y

    def label(
        self, x: float, y: float, text: str, size: int, room: float, *, most: int | None
    ) -> int:
        """An option in at most so many lines; how many there are."""
        own, lines = direction_of(text), self.fit(text, size, room, most=most)
        for number, line in enumerate(lines):
            self.text(x, y + number * size * 1.25, line, size, direction=own)
        return len(lines)

    def fit(
        self,
        text: str,
        size: int,
        room: float = ROOM,
        *,
        most: int | None = None,
        weight: Weight = "normal",
    ) -> list[str]:
        """The lines of a text of this size, about equally long; what does not fit into so many is
        left out with “…”."""
        ems = self.ems(room, size)
        if not is_ours(text):
            ems *= _UNKNOWN
        lines = wrapped(text, ems, weight)
        if most is not None and len(lines) > most:
            kept = lines[: most - 1]
            return [*kept, shortened(_rest(text, kept), ems, weight)]
        for narrower in _NARROWER if len(lines) > 1 else ():
            closer = wrapped(text, ems * narrower, weight)
            broken = has_too_wide_a_word(text, ems * narrower, weight)
            if broken or len(closer) > len(lines):
                break
            lines = closer
        return lines

    def ems(self, room: float, size: int) -> float:
        """How many em of this size fit into so many pixels, for sure."""
        return room / size * (1 if self.is_card else _SAFE)

    def _left(self, x: float, width: float) -> float:
        return round(WIDTH - x - width if self.direction == "rtl" else x, 2)


def _rest(text: str, lines: list[str]) -> str:
    """What comes after these lines of a text, the last of which may end in a hyphen of ours."""
    place = 0
    for line in lines:
        drawn = line if text.startswith(line, place) else line[:-1]
        place += len(drawn)
        place += len(text[place:]) - len(text[place:].lstrip())
    return text[place:]
