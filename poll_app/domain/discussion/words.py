"""Words that a moderator looks at before a text is shown, per language. Holding is no verdict: a
text may quote such a word. Newsrooms add what their readers need; whole words only, folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_LISTS = {
    "en": """arsehole asshole bastard bastards bitch cockroach cockroaches cretin cunt dickhead fuck
        fucking fucker idiot idiots imbecile imbeciles moron morons nazi nazis pedo retard retards
        scum scumbag shit slut subhuman subhumans traitor traitors twat vermin wanker whore
        libtard libtards sheeple viagra casino""",
    "de": """abschaum arsch arschloch arschlöcher bastard drecksau fotze gesindel hure hurensohn
        idiot idioten kakerlake kakerlaken missgeburt nazi nazis parasit parasiten penner schlampe
        schwein schweine spast trottel umvolkung ungeziefer untermensch untermenschen
        vaterlandsverräter volksverräter wichser viagra casino""",
}
_FALLBACK = "en"
_WORD = re.compile(r"\w+")


def word_list(language: str | None) -> str:
    """Which list a text in this language is looked up in."""
    bare = (language or _FALLBACK).replace("_", "-").partition("-")[0].lower()
    return bare if bare in WORDS else _FALLBACK


def holds_listed_word(text: str, listed: str) -> bool:
    """Whether a word of that list stands in the text."""
    return not WORDS[listed].isdisjoint(_words_of(text))


def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


WORDS: Mapping[str, frozenset[str]] = {name: _words_of(text) for name, text in _LISTS.items()}
