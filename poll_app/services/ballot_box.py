"""The ballot box: every path that writes a ballot goes through it, and waits until it is durable.

The batch: acts that arrive while a commit is under way wait in a queue; when it ends, the first of
them leads: it waits for the lock and writes all that wait by then in one transaction (group
commit). So there is no writer thread to start, fork or stop, a lone act is never delayed, and under
load many readers share the price of one flush.

The lock: one thread of a process writes at a time, and between processes `writing_connection`
takes a lock on a file (SQLite) or the database queues on rows (PostgreSQL).

The acknowledgement: `submit` returns after the commit. When the connection breaks so that nobody
saw whether it came through, the batch's number, written in the same transaction, tells.

The limit: an act waits `patience_s` for its batch to begin. The one that leads has waited longest,
so when the database does not let it write by then, all that wait are refused together; and until
the database takes a batch again, those who come wait only a moment.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Sequence
from queue import Empty, SimpleQueue

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from poll_app.database import BUSY_TIMEOUT_MS, writing_connection
from poll_app.domain.refusals import Busy, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voting import Act
from poll_app.services.ballot_rows import KeptRules, is_written, mark_written
from poll_app.services.ballots import Outcome, Receipt, is_conflict, write_batch

MAX_BATCH = 256
MAX_WAITING = 2_000
PATIENCE_S = BUSY_TIMEOUT_MS / 1000
_PATIENCE_WHILE_AWAY_S = 0.25
_ATTEMPTS = 5


class _Entry:
    """An act in the queue; to its thread comes its outcome, or None: lead now."""

    def __init__(self, act: Act, deadline: float) -> None:
        self.act = act
        self.deadline = deadline
        self.news: SimpleQueue[Outcome | None] = SimpleQueue()


class BallotBox:
    """One per process and database."""

    def __init__(
        self, engine: Engine, *, max_waiting: int = MAX_WAITING, patience_s: float = PATIENCE_S
    ) -> None:
        self._engine = engine
        self._max_waiting = max_waiting
        self._patience_s = patience_s
        self._mutex = threading.Lock()
        self._waiting: deque[_Entry] = deque()
        self._writing = False
        self._away = False
        self._kept_rules: KeptRules = {}

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
        longest_s = _PATIENCE_WHILE_AWAY_S if self._away else self._patience_s
        deadline = time.monotonic() + min(longest_s, self._patience_s)
        entries = [_Entry(act, deadline) for act in acts]
        if not entries:
            return []
        with self._mutex:
            if len(self._waiting) + len(entries) > self._max_waiting:
                raise Busy(sentence("Too many answers arrive at this moment. Try again shortly."))
            self._waiting.extend(entries)
            if not self._writing:
                self._writing = True
                self._waiting[0].news.put(None)
        return [self._await(entry) for entry in entries]

    def _await(self, entry: _Entry) -> Outcome:
        """The outcome of an entry that was queued; its thread leads when its turn comes."""
        while True:
            try:
                outcome = entry.news.get(timeout=max(0.0, entry.deadline - time.monotonic()))
            except Empty:  # whoever leads is held up
                if self._gave_up(entry):
                    return _away()
                outcome = entry.news.get()  # it is being written: only its batch knows
            if outcome is not None:
                return outcome
            self._lead(entry.deadline)

    def _gave_up(self, entry: _Entry) -> bool:
        """Takes the entry back, if it still waits and was not asked to lead."""
        with self._mutex:
            gives_up = entry.news.empty() and entry in self._waiting
            if gives_up:
                self._waiting.remove(entry)
            return gives_up

    def _lead(self, deadline: float) -> None:
        """Writes what waits (the caller's entry is the first of it), then hands over."""
        batch: list[_Entry] = []
        outcomes: Sequence[Outcome] = []
        try:
            outcomes = self._write(batch, deadline)
        finally:
            with self._mutex:
                self._away = not outcomes
                if self._away:  # nobody else need find that out
                    batch.extend(self._waiting)
                    self._waiting.clear()
                    outcomes = [_away()] * len(batch)
                self._writing = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].news.put(None)
            for entry, outcome in zip(batch, outcomes, strict=True):
                entry.news.put(outcome)

    def _write(self, batch: list[_Entry], deadline: float) -> Sequence[Outcome]:
        """Fills the batch once the database lets us write, and writes it: the outcomes, or none."""
        number = secrets.token_bytes(16)
        outcomes: Sequence[Outcome] = []
        for _ in range(_ATTEMPTS):
            try:
                if outcomes and is_written(self._engine, number):
                    return outcomes
                outcomes = []
                with writing_connection(
                    self._engine, within_s=deadline - time.monotonic()
                ) as connection:
                    acts = self._take(batch)
                    outcomes = write_batch(connection, acts, self._kept_rules)
                    if connection.dialect.name != "sqlite":  # there a commit can't get lost
                        mark_written(connection, number, max(act.hour for act in acts))
                return outcomes
            except DBAPIError as error:
                if not (error.connection_invalidated or is_conflict(error)):
                    break
            except (NoConnection, OSError):
                break
        return []

    def _take(self, batch: list[_Entry]) -> list[Act]:
        """The acts of the batch, which at the first attempt gets all that wait."""
        with self._mutex:
            if not batch:
                size = min(len(self._waiting), MAX_BATCH)
                batch.extend(self._waiting.popleft() for _ in range(size))
        return [entry.act for entry in batch]


def _away() -> Refusal:
    return Busy(sentence("Answers can’t be stored at this moment. Try again shortly."))
