"""Names that readers give themselves: none may pass for somebody of the newsroom."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

# Anywhere in a name, and as a word of it; in the languages of our catalogues.
_NEVER_IN = (
    "editor", "editeur", "moderator", "moderation", "redakt", "redacteur", "redaction", "redaccion",
    "administrat", "newsroom", "webmaster",
)  # fmt: skip
_NEVER_A_WORD = ("admin", "admins", "mod", "mods", "staff", "official", "verified", "offiziell")

# Beside a name they read as “we know that this is true”.
_NEVER_A_SIGN = frozenset("✓✔☑✅🗸🗹")

# Letters of other scripts, and digits, that look like Latin ones; both sides of a comparison go
# through the same table, so it need not be right, only the same for what looks the same.
_LOOKS_LIKE = str.maketrans({
    "а": "a", "α": "a", "@": "a", "4": "a", "в": "b", "β": "b", "8": "b", "с": "c", "ϲ": "c",
    "ԁ": "d", "е": "e", "ε": "e", "3": "e", "€": "e", "һ": "h", "н": "h", "η": "n", "і": "i",
    "ι": "i", "ı": "i", "l": "i", "1": "i", "!": "i", "|": "i", "ӏ": "i", "ј": "j", "к": "k",
    "κ": "k", "м": "m", "μ": "m", "п": "n", "о": "o", "ο": "o", "0": "o", "σ": "o", "ө": "o",
    "р": "p", "ρ": "p", "ԛ": "q", "г": "r", "ѕ": "s", "5": "s", "$": "s", "т": "t", "τ": "t",
    "7": "t", "υ": "u", "ц": "u", "ν": "v", "ѵ": "v", "ԝ": "w", "ω": "w", "х": "x", "χ": "x",
    "у": "y", "γ": "y", "ү": "y", "ø": "o", "đ": "d", "ł": "i", "ħ": "h",
    "ᴀ": "a", "ᴅ": "d", "ᴇ": "e", "ɪ": "i", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ʀ": "r", "ᴛ": "t",
    "ꜱ": "s",
})  # fmt: skip
_NO_LETTER = re.compile(r"[^\w]+|_+")


def refuse_impersonation(name: str, *, taken: Iterable[str]) -> None:
    """Raises Refusal for a name that reads like an office of the newsroom or like one of the names
    `taken`: its people's and the site's."""
    words = _words(name)
    joined = "".join(words)
    offices = any(skeleton(word) in joined for word in _NEVER_IN)
    office = {skeleton(word) for word in _NEVER_A_WORD} & {*words, joined}
    signs = not _NEVER_A_SIGN.isdisjoint(name)
    if signs or offices or office or any(_reads_like(words, _words(other)) for other in taken):
        raise Refusal(
            sentence("This name could be taken for somebody of the newsroom. Choose another one."),
            field="name",
        )


def skeleton(text: str) -> str:
    """What `text` looks like: without accents and capitals, letters that look alike made one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if unicodedata.category(char) not in {"Mn", "Me"})
    alike = bare.casefold().translate(_LOOKS_LIKE)
    return alike.replace("rn", "m").replace("vv", "w")


def _words(name: str) -> list[str]:
    return [word for word in _NO_LETTER.split(skeleton(name)) if word]


def _reads_like(words: list[str], taken: list[str]) -> bool:
    """Whether the name is the taken one, however it is spaced, or holds its several words."""
    if not taken:
        return False
    places = range(len(words) - len(taken) + 1)
    holds = len(taken) > 1 and any(words[at : at + len(taken)] == taken for at in places)
    return holds or "".join(words) == "".join(taken)
