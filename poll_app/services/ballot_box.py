"""The ballot box: every path that writes a ballot goes through it, and waits until it is durable.

The batch: acts that arrive while a commit is under way wait in a queue; when it ends, the first of
them writes all that wait in one transaction (group commit). So there is no writer thread to start,
fork or stop, a lone act is never delayed, and under load many readers share the price of one flush.

The lock: one thread of a process writes at a time, and between processes `writing_connection`
queues on a file (SQLite) or the database queues on rows (PostgreSQL).

The acknowledgement: `submit` returns after the commit. When the connection breaks so that nobody
saw whether it came through, the batch's number, written in the same transaction, tells.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection

from poll_app.database import writing_connection
from poll_app.domain.refusals import Busy, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voting import Act
from poll_app.services.ballot_rows import is_written, mark_written
from poll_app.services.ballots import Outcome, Receipt, write_batch

MAX_BATCH = 256
MAX_WAITING = 2_000
_ATTEMPTS = 5


class _Entry:
    """An act in the queue and, once its batch is committed or refused, its outcome."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.outcome: Outcome | None = None
        self.woken = threading.Event()


class BallotBox:
    """One per process and database."""

    def __init__(self, engine: Engine, *, max_waiting: int = MAX_WAITING) -> None:
        self._engine = engine
        self._max_waiting = max_waiting
        self._mutex = threading.Lock()
        self._waiting: deque[_Entry] = deque()
        self._writing = False

    def submit(self, act: Act) -> Receipt:
        """Writes the act and returns when it is durable.

        Raises the act's Refusal, or Busy when too many wait or the database can't take it now:
        then nothing of it is stored.
        """
        (outcome,) = self.submit_all([act])
        if isinstance(outcome, Receipt):
            return outcome
        raise outcome

    def submit_all(self, acts: Sequence[Act]) -> list[Outcome]:
        """Writes the acts in their order; the outcome of each, once all are durable or refused.

        Raises Busy, with none of them stored, when too many wait.
        """
        entries = [_Entry(act) for act in acts]
        if not entries:
            return []
        with self._mutex:
            if len(self._waiting) + len(entries) > self._max_waiting:
                raise Busy(sentence("Too many answers arrive at this moment. Try again shortly."))
            self._waiting.extend(entries)
            leads = not self._writing
            self._writing = True
        for entry in entries:
            while entry.outcome is None:
                if not leads:
                    entry.woken.wait()  # written by someone else, or first in the queue now
                if entry.outcome is None:
                    self._lead()
                leads = False
        return [entry.outcome or _away() for entry in entries]

    def _lead(self) -> None:
        """Writes what waits (the caller's entry is the first of it), then hands over."""
        with self._mutex:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
        outcomes: Sequence[Outcome] = [_away()] * len(batch)
        try:
            outcomes = self._write([entry.act for entry in batch])
        finally:
            for entry, outcome in zip(batch, outcomes, strict=True):
                entry.outcome = outcome
            with self._mutex:
                self._writing = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].woken.set()
            for entry in batch:
                entry.woken.set()

    def _write(self, acts: Sequence[Act]) -> Sequence[Outcome]:
        number = secrets.token_bytes(16)
        outcomes: Sequence[Outcome] | None = None
        for _ in range(_ATTEMPTS):
            try:
                if outcomes is not None and self._came_through(number):
                    return outcomes
                outcomes = None
                with writing_connection(self._engine) as connection:
                    outcomes = write_batch(connection, acts)
                    if connection.dialect.name != "sqlite":  # there a commit can't get lost
                        mark_written(connection, number, max(act.hour for act in acts))
                return outcomes
            except DBAPIError as error:
                if not (error.connection_invalidated or _is_conflict(error)):
                    break
            except (NoConnection, OSError):
                break
        return [_away()] * len(acts)

    def _came_through(self, number: bytes) -> bool:
        """Whether the transaction of this number was committed."""
        with self._engine.connect() as connection:
            return is_written(connection, number)


def _is_conflict(error: DBAPIError) -> bool:
    """Another machine was at the same rows at this moment: its work stands now, so look again.

    IntegrityError: the same reader's first ballot; 40001 and 40P01: PostgreSQL's serialization
    failure and deadlock.
    """
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, IntegrityError) or state in {"40001", "40P01"}


def _away() -> Refusal:
    return Busy(sentence("Answers can't be stored at this moment. Try again shortly."))
