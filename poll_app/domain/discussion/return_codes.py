"""Return codes: shown once to a reader who wrote something, to come back from another device.

80 random bits are too many to try, so a plain hash keeps them.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence

HASH_BYTES = 32
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: none that is read as another
_LENGTH, _GROUP = 16, 4  # 16 letters of 5 bits
_READ_AS = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class ReturnedReader:
    """A reader whom a return code proved: has the key of the cookie in that one question."""

    salt: bytes = field(repr=False)
    key: bytes = field(repr=False)

    def key_in(self, salt: bytes) -> bytes:
        """The key in the poll with this salt. Raises NotFound for another one than the code's."""
        if salt != self.salt:
            raise NotFound(sentence("This code belongs to another question."))
        return self.key


def new_code() -> str:
    """A fresh code, in groups: 7K3M-Q2XV-0ABC-9TDE."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def hash_code(typed: str) -> bytes:
    """The hash a code is kept under, however it was typed. Raises Refusal for what is no code."""
    letters = "".join(char for char in typed.upper() if not char.isspace() and char not in "-–—")
    letters = letters.translate(_READ_AS)
    if len(letters) != _LENGTH or not set(letters) <= set(_LETTERS):
        raise Refusal(
            sentence("A return code has 16 letters and digits in four groups."), field="code"
        )
    return hashlib.sha256(letters.encode()).digest()
