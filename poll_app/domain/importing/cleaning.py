"""What no text of an article may hold: characters that hide, turn or fake others."""

from __future__ import annotations

import unicodedata

from poll_app.domain.polls import shows_something

# Cc: control, Cf: format (direction overrides and isolates, zero width), Cs: lone surrogates, Co:
# private use; and the Hangul fillers, letters that show as nothing. `polls` refuses them all in a
# question. Tab and line feed stay, and the two joiners that Persian and Hindi are written with.
# The last two are no characters at all: no XML may hold them, so no feed and no picture.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_NO_CHARACTERS = frozenset("\ufffe\uffff")
_JOINERS = frozenset("\u200c\u200d")
_KEPT = _JOINERS | {"\n", "\t"}


def cleaned(text: str) -> str:
    """`text` without the characters that nobody should meet in an article."""
    unwanted = {char for char in set(text) - _KEPT if unicodedata.category(char) in _UNWANTED}
    return text.translate(dict.fromkeys(map(ord, unwanted | _BLANK_LETTERS | _NO_CHARACTERS)))


def plain(text: str) -> str:
    """`text` cleaned and on one line; "" if nothing of it can be seen."""
    folded = " ".join(cleaned(text).split())
    return folded if shows_something(folded) else ""
