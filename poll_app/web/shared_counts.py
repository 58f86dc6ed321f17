"""Counts that the worker processes of one server share, in memory that never touches a disk.

The server makes an anonymous file in memory (Linux: memfd) before its workers start and hands its
name down in the environment. In it lies a table of slots: a hash of the key, its count, and the
second it expires in. The rule of the sliding window itself is the library's.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limits.storage import MemoryStorage

try:
    import fcntl
except ImportError:  # then there is no memfd either
    fcntl = None  # type: ignore[assignment]

VARIABLE = "POLL_SHARED_COUNTS"
_SLOT = struct.Struct("<QII")  # hash of the key, count, expiry in seconds since 1970
_SLOTS = 1 << 16
_NEIGHBOURS = 8  # slots in which one key may lie


def make_shared_counts() -> str | None:
    """Makes the memory and names it in the environment of the workers to come.

    Returns the name; None where the system has no such memory: each process then counts by itself.
    """
    if not hasattr(os, "memfd_create"):
        return None
    handle = os.memfd_create("poll_app counts")
    os.ftruncate(handle, _SLOTS * _SLOT.size)
    os.environ[VARIABLE] = f"/proc/{os.getpid()}/fd/{handle}"
    return os.environ[VARIABLE]


class SharedMemoryStorage(MemoryStorage):
    """The library's store in memory, with its counters in a table that other processes see."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._file = Path(path).open("r+b", buffering=0)  # noqa: SIM115 - kept for the process
        self._table = mmap.mmap(self._file.fileno(), _SLOTS * _SLOT.size)
        self._mutex = threading.Lock()

    def get(self, key: str) -> int:
        """The count under this key, 0 once it has expired."""
        with self._held():
            return self._find(key)[1]

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Adds to the count; a new one expires after `expiry` seconds."""
        with self._held():
            place, count, expires_at = self._find(key)
            expires_at = expires_at if count else int(time.time() + expiry) + 1
            return self._put(place, key, count + amount, expires_at)

    def decr(self, key: str, amount: int = 1) -> int:
        """Takes from the count, never below 0."""
        with self._held():
            place, count, expires_at = self._find(key)
            return self._put(place, key, max(0, count - amount), expires_at)

    def _find(self, key: str) -> tuple[int, int, int]:
        """The key's place, count and expiry; a free place, or that of the count which expires
        first, where the key has none."""
        tag, now = _hash(key), int(time.time())
        first_to_go, soonest = 0, 1 << 32
        for step in range(_NEIGHBOURS):
            place = (tag + step) % _SLOTS * _SLOT.size
            held, count, expires_at = _SLOT.unpack_from(self._table, place)
            if expires_at <= now:
                expires_at = 0
            elif held == tag:
                return place, count, expires_at
            if expires_at < soonest:
                first_to_go, soonest = place, expires_at
        return first_to_go, 0, 0

    def _put(self, place: int, key: str, count: int, expires_at: int) -> int:
        _SLOT.pack_into(self._table, place, _hash(key), count, expires_at)
        return count

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._mutex:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")
