"""Passwords as they are stored: scrypt, slow on purpose, and only a few at a time.

scrypt with N = 2^15, r = 8, p = 3 is as strong, by OWASP, as argon2id with 19 MiB and two passes.
Here one takes 0.34 s of one core and 32 MiB; argon2id would take a tenth of the time, but a package
with compiled code for what the standard library has. At the desk a handful of people sign in per
day, so what is slow for us is slow for those who guess. The parameters stand in each hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from poll_app.domain.refusals import Busy
from poll_app.domain.sentences import sentence

AT_ONCE = 4
_N, _R, _P = 1 << 15, 8, 3
_SALT_BYTES, _HASH_BYTES = 16, 32
PATIENCE_S = 1.0
_MAX_MEMORY = 64 * 1024 * 1024  # twice what one takes
_NOBODYS = f"scrypt:{_N}:{_R}:{_P}${'0' * 24}${'0' * 44}"

# scrypt fills a short password up with NULs, so one that ends in NULs would be the same without.
_END = b"\x01"

_places = threading.BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """The password as it may be stored: parameters, a fresh salt, the hash."""
    salt = base64.b64encode(secrets.token_bytes(_SALT_BYTES)).decode()
    with _a_place(PATIENCE_S):
        made = _scrypt(password, salt, _N, _R, _P)
    return f"scrypt:{_N}:{_R}:{_P}${salt}${made}"


def password_fits(password: str, stored: str | None, *, patience_s: float = PATIENCE_S) -> bool:
    """Whether this is the password. None, for nobody or for somebody who has none yet, fits none
    and takes as long as any other. Raises Busy when too many are being checked."""
    method, salt, digest = (stored or _NOBODYS).split("$")
    n, r, p = (int(part) for part in method.removeprefix("scrypt:").split(":"))
    with _a_place(patience_s):
        made = _scrypt(password, salt, n, r, p)
    return hmac.compare_digest(made, digest) and stored is not None


def _scrypt(password: str, salt: str, n: int, r: int, p: int) -> str:
    made = hashlib.scrypt(
        password.encode("utf-8", "surrogatepass") + _END,
        salt=salt.encode(), n=n, r=r, p=p, maxmem=_MAX_MEMORY, dklen=_HASH_BYTES,
    )  # fmt: skip
    return base64.b64encode(made).decode()


@contextmanager
def _a_place(patience_s: float) -> Iterator[None]:
    if not _places.acquire(timeout=patience_s):
        raise Busy(sentence("Too many people are signing in at this moment. Try again shortly."))
    try:
        yield
    finally:
        _places.release()
