"""Text in pictures: which font draws it, how wide it is, where its lines break.

The fonts come with the program, so a picture is the same on a machine that has none: Source Serif 4
for Latin, Greek and Cyrillic, Noto Naskh Arabic for Arabic (both under the SIL Open Font Licence).
Other scripts are drawn where the machine has a font for them.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import uharfbuzz

Weight = Literal["normal", "600"]

FOLDER = Path(__file__).parent / "fonts"
SERIF, NASKH = "Source Serif 4", "Noto Naskh Arabic"
FILES: dict[Weight, tuple[str, str]] = {
    "normal": ("SourceSerif4-Regular.ttf", "NotoNaskhArabic-Regular.ttf"),
    "600": ("SourceSerif4-SemiBold.ttf", "NotoNaskhArabic-SemiBold.ttf"),
}
_HAN = {"zh_TW": "TC", "zh_Hant": "TC", "zh_HK": "HK", "ja": "JP", "ko": "KR"}
_WIDE, _OTHER = 1.0, 0.6  # in em, for what none of our fonts has
# Marks that stand after a word of a script without spaces, and never begin a line.
_NEVER_FIRST = frozenset("，。、；：？！）」』】》〉”’…·%")
_RIGHT, _LEFT, _END = "\u2067", "\u2066", "\u2069"  # isolates (Unicode annex 9)
_MOST_KEPT = 4_096


@cache
def _font(name: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FOLDER / name))))


@cache
def _covered(name: str) -> frozenset[int]:
    return frozenset(_font(name).face.unicodes)


def is_ours(text: str) -> bool:
    """Whether the fonts that come with the program have every character of this text."""
    return all(_file_for(char, "normal") is not None for char in text)


@lru_cache(maxsize=_MOST_KEPT)
def width_of(text: str, weight: Weight = "normal") -> float:
    """How wide a text is, in em: shaped as it is drawn, so that joined letters count as joined."""
    width, run, drawn_by = 0.0, "", None
    for char in text:
        name = _file_for(char, weight)
        if name is None:
            width += _WIDE if _is_wide(char) else _OTHER
        elif name == drawn_by:
            run += char
        else:
            width += _advance(run, drawn_by)
            run, drawn_by = char, name
    return width + _advance(run, drawn_by)


def _advance(run: str, name: str | None) -> float:
    if not run or name is None:
        return 0.0
    font, buffer = _font(name), uharfbuzz.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return float(sum(glyph.x_advance for glyph in buffer.glyph_positions) / font.face.upem)


def _file_for(char: str, weight: Weight) -> str | None:
    serif, naskh = FILES[weight]
    if ord(char) in _covered(serif) or unicodedata.category(char) == "Cf":  # drawn as nothing
        return serif
    return naskh if ord(char) in _covered(naskh) else None


def wrapped(text: str, room: float, weight: Weight = "normal") -> list[str]:
    """The lines of a text within so many em. A word that is wider than a line is broken."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of(line, weight) + width_of(piece.rstrip(), weight) > room:
            lines.append(line.rstrip())
            line = ""
        rest = piece
        while len(rest) > 1 and width_of(rest.rstrip(), weight) > room:
            head = _head(rest, room - width_of("-", weight), weight)
            lines.append(f"{head}-" if head[-1].isalpha() and rest[len(head)].isalpha() else head)
            rest = rest[len(head) :]
        line += rest
    return [*lines, line.rstrip()] if line.strip() else lines


def has_too_wide_a_word(text: str, room: float, weight: Weight = "normal") -> bool:
    """Whether a word of it would have to be broken."""
    return any(width_of(piece.rstrip(), weight) > room for piece in _pieces(text))


def shortened(text: str, room: float, weight: Weight = "normal") -> str:
    """The text, or as much of it as fits and an ellipsis."""
    if width_of(text, weight) <= room:
        return text
    return _head(text, room - width_of("…", weight), weight).rstrip() + "…"


def _head(text: str, room: float, weight: Weight) -> str:
    """The longest beginning that is no wider; at least one character. Accents stay on letters."""
    least, most = 1, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if width_of(text[:middle], weight) <= room:
            least = middle
        else:
            most = middle - 1
    while least > 1 and least < len(text) and unicodedata.combining(text[least]):
        least -= 1
    return text[:least]


def _pieces(text: str) -> list[str]:
    """What is never parted, with the space that follows it: a word, a character of a script that
    is written without spaces."""
    pieces = [""]
    for place, char in enumerate(text):
        pieces[-1] += char
        after = text[place + 1 : place + 2]
        ends = char in " -–—/" or _is_wide(char) or (after and _is_wide(after))
        if ends and after not in {"", " "} and after not in _NEVER_FIRST:
            pieces.append("")
    return pieces


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F"}


def direction_of(text: str) -> Literal["ltr", "rtl"]:
    """The direction of its first letter that has one."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def isolated(line: str, direction: str) -> str:
    """The line as every program draws it that knows directions: renderers don't agree on the
    attribute, so it stands in the text."""
    turns = any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in line)
    if direction == "rtl":
        return f"{_RIGHT}{line}{_END}"
    return f"{_LEFT}{line}{_END}" if turns else line


def families_of(text: str, language: str | None) -> str:
    """The fonts to draw a text with: first the one that has most of its letters, for the others are
    looked up without regard to their weight."""
    names = [f"'{SERIF}'", "Charter", "Georgia", "serif"]
    arabic = sum(unicodedata.bidirectional(char) == "AL" for char in text)
    wide = sum(_is_wide(char) for char in text)
    rest = sum(char.isalpha() for char in text) - arabic - wide
    if wide > max(arabic, rest):
        kind = _HAN.get(language or "") or _HAN.get((language or "").partition("_")[0], "SC")
        names.insert(0, f"'Noto Serif CJK {kind}'")
    elif arabic > rest:
        names.insert(0, f"'{NASKH}'")
    return ", ".join(names)
