"""Who a reader is to this program: a random token in a cookie, and a keyed hash per poll.

The token never reaches the database. What is stored is
HMAC-SHA256(HMAC-SHA256(secret, poll salt), token), cut to 16 bytes: without the installation's
secret nobody can go from a row to a browser, and no value in the database links one reader's
answers to two polls. Once a poll's salt is erased, not even the operator can.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Protocol

VOTER_KEY_BYTES = 16
SALT_BYTES = 16
_TOKEN_BYTES = 16


def new_token() -> str:
    """A fresh reader token: 128 random bits as URL-safe text, 22 characters."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def new_salt() -> bytes:
    """A fresh poll salt, 16 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


class KeyHolder(Protocol):
    """Whoever can show the key of a reader in a poll."""

    def key_in(self, salt: bytes) -> bytes:
        """The key of this reader in the poll with this salt."""


@dataclass(frozen=True)
class Voter:
    """One reader's browser, as its cookie proves it."""

    token: str = field(repr=False)
    secret: str = field(repr=False)

    def key_in(self, salt: bytes) -> bytes:
        """The 16 bytes that stand for this reader in the poll with this salt."""
        poll_key = hmac.digest(self.secret.encode(), b"voter key\0" + salt, "sha256")
        return hmac.digest(poll_key, self.token.encode(), "sha256")[:VOTER_KEY_BYTES]
