"""Sentences that people read, kept apart from the language they are read in.

The rules decide *what* is said; the web floor says it in the reader's language. A `Sentence` is
therefore the English source text plus its values. `str()` gives the English one, for the command
line and for logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sentence:
    """An English source text with named values, and its plural where a number is in it.

    Whole numbers among the values are grouped by the language ("1,204"), strings stay as they are;
    a value may be a sentence itself, or a tuple, whose parts are put in a row.
    """

    singular: str
    plural: str | None = None
    count: int = 1
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        text = self.singular if self.plural is None or self.count == 1 else self.plural
        shown = {name: _shown(value) for name, value in self.values.items()}
        return text % shown if shown else text


def sentence(text: str, /, **values: object) -> Sentence:
    """A sentence without a plural; `%(name)s` in the text is filled from the values."""
    return Sentence(text, values=values)


def sentences(one: str, many: str, count: int, /, **values: object) -> Sentence:
    """A sentence that depends on a number; the number itself is the value `count`."""
    return Sentence(one, many, count, {"count": count, **values})


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
