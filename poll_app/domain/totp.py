"""Codes of an app on a telephone (RFC 6238), the second factor of a sign-in, and the recovery codes
that stand in for them.

The app and the database share a secret; a code is made of it and of the time in steps of 30
seconds.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20  # the length of a SHA-1 hash, which is what every app computes
RECOVERY_CODES = 10
_NONCE_BYTES = 12
_EITHER_SIDE = 1  # clocks differ, and people take time to type
_RECOVERY_BYTES = 10  # 80 random bits: too many to try, even with the hashes at hand


def new_secret() -> bytes:
    """A fresh secret."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one step since 1970 (RFC 4226): 31 bits of a hash, from a place that the hash
    itself names."""
    hashed = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    place = hashed[-1] & 15
    number = int.from_bytes(hashed[place : place + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def find_step(secret: bytes, code: str, *, now: datetime, after: int | None) -> int | None:
    """The step that this code belongs to: the present one, the one before or the next. None when
    there is none, or when a code of that step or of a later one was used already."""
    given = "".join(code.split()).encode("utf-8", "replace")
    present = int(now.timestamp()) // STEP_S
    for step in range(present - _EITHER_SIDE, present + _EITHER_SIDE + 1):
        fits = hmac.compare_digest(code_at(secret, step).encode(), given)
        if fits and (after is None or step > after):
            return step
    return None


def as_text(secret: bytes) -> str:
    """The secret as people type it into an app."""
    return base64.b32encode(secret).decode()


def app_address(secret: bytes, *, email: str, site_name: str) -> str:
    """The otpauth: address by which an app takes the secret over."""
    issuer = site_name.replace(":", " ")
    label = quote(f"{issuer}:{email}", safe=":@")
    facts = urlencode({"secret": as_text(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{facts}"


def sealed(secret: bytes, key: str) -> bytes:
    """The secret as it is stored: useless to whoever has the database, or a copy of it, but not the
    secret key of the installation. It is mixed with a keyed hash of random bytes that stand before
    it, which never repeat."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _mixed(secret, key, nonce)


def unsealed(stored: bytes, key: str) -> bytes:
    """The secret again; with another key something that fits no code."""
    return _mixed(stored[_NONCE_BYTES:], key, stored[:_NONCE_BYTES])


def _mixed(text: bytes, key: str, nonce: bytes) -> bytes:
    mask = hmac.digest(key.encode(), b"code app\0" + nonce, "sha256")
    return bytes(a ^ b for a, b in zip(text, mask, strict=False))


def new_recovery_codes() -> tuple[str, ...]:
    """Ten fresh codes, in four groups of four characters."""
    made = (base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))
    texts = (code.decode().lower() for code in made)
    return tuple("-".join(t[n : n + 4] for n in range(0, len(t), 4)) for t in texts)


def plain_recovery_code(code: str) -> str:
    """The code without what people put between its characters."""
    return "".join(char for char in code.casefold() if char.isalnum())
