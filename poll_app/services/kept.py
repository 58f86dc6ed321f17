"""What is kept in memory for a while: by database, the oldest forgotten when there are too many."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from poll_app.database import db

MOST = 1_000

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Things by number, those of each database apart."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of: MutableMapping[Engine, dict[int, Thing]] = WeakKeyDictionary()

    def find(self, number: int) -> Thing | None:
        """The thing kept under this number."""
        return self._of.get(db.engine, {}).get(number)

    def keep(self, number: int, thing: Thing) -> Thing:
        """Keeps the thing in place of an older one and hands it back."""
        things = self._of.setdefault(db.engine, {})
        things.pop(number, None)  # so that the newest stands last
        things[number] = thing
        if len(things) > self._most:
            things.pop(next(iter(things)), None)
        return thing
