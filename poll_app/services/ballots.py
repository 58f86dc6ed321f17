"""Writing ballots: a batch of readers' acts becomes rows and tallies inside one transaction.

The poll's rules are checked against the poll as this transaction sees it. What an act changes is
worked out in memory, act by act, and written with a fixed number of statements for the batch, in
one order everywhere (polls, ballots, tallies, turnout; each by key) so that two machines writing
to one database wait for each other but never in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from poll_app.domain.polls import refuse_unless_open
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voting import Act, Cast, Withdraw, check_choices
from poll_app.models import COUNTED, WITHDRAWN
from poll_app.services.ballot_rows import (
    BALLOTS,
    CHOICES,
    DELETE_CHOICES,
    HOURLY_TALLIES,
    HOURLY_TURNOUTS,
    LOWER_PLACEMENT_TALLY,
    MOVE_HOURLY_TALLIES,
    MOVE_HOURLY_TURNOUTS,
    MOVE_TALLY,
    MOVE_TURNOUT,
    PAST_ANSWERS,
    PEEKS,
    PLACEMENT_TALLIES,
    RAISE_PLACEMENT_TALLIES,
    UPDATE_BALLOT,
    HeldBallot,
    KeptRules,
    Key,
    PollRules,
    Row,
    change,
    insert,
    load_ballots,
    load_peeks,
    load_rules,
    stored_hour,
)

Done = Literal["cast", "changed", "unchanged", "withdrawn", "peeked"]


@dataclass(frozen=True)
class Receipt:
    """What an act did."""

    done: Done


Outcome = Receipt | Refusal


def write_batch(connection: Connection, acts: Sequence[Act], kept: KeptRules) -> list[Outcome]:
    """Writes the acts, in their order; an act that breaks a rule yields its Refusal and leaves the
    others alone. The caller owns the transaction: nothing is done before it commits; and keeps
    `kept`, rules of polls, from batch to batch.

    Raises what `is_conflict` knows when another machine wrote the same ballots at this moment.
    """
    batch = _Batch(connection, acts, kept)
    outcomes = [batch.apply(act) for act in acts]
    batch.write()
    return outcomes


def is_conflict(error: DBAPIError) -> bool:
    """Whether another machine was at the same rows at this moment: its work stands now, so the
    batch may be written again.

    IntegrityError: the same reader's first ballot; 40001 and 40P01: PostgreSQL's serialization
    failure and deadlock.
    """
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, IntegrityError) or state in {"40001", "40P01"}


class _Batch:
    """The state of the ballots a batch touches, before and after, and the deltas of the tallies."""

    def __init__(self, connection: Connection, acts: Sequence[Act], kept: KeptRules) -> None:
        self.connection = connection
        self.rules = load_rules(connection, {act.poll_id for act in acts}, kept)
        keys = sorted({(act.poll_id, act.voter_key) for act in acts})
        self.before = load_ballots(connection, keys)
        self.now = dict(self.before)
        self.peeked = load_peeks(connection, keys)
        self.new_peeks: list[Key] = []
        self.past: list[Row] = []
        self.positions: dict[Key, dict[int, int | None]] = {}
        self.votes: Counter[tuple[int, int, Any]] = Counter()
        self.ballots: Counter[tuple[int, Any]] = Counter()
        self.placed: Counter[tuple[int, int]] = Counter()
        self.hours: dict[datetime, Any] = {}

    def apply(self, act: Act) -> Outcome:
        """What this act does to the state in memory."""
        try:
            rules = self.rules.get(act.poll_id)
            if rules is None:
                raise NotFound(sentence("There is no such question."))
            refuse_unless_open(rules, act.at)
            if isinstance(act, Cast):
                return self._cast(act, rules)
            if isinstance(act, Withdraw):
                return self._withdraw(act)
            return self._peek(act)
        except Refusal as refusal:
            return refusal

    def _cast(self, act: Cast, rules: PollRules) -> Receipt:
        check_choices(
            act.option_ids,
            rules.options,
            min_choices=rules.min_choices,
            max_choices=rules.max_choices,
        )
        key = (act.poll_id, act.voter_key)
        held = self.now.get(key)
        chosen = tuple(sorted(act.option_ids))
        if held and held.state == COUNTED and held.option_ids == chosen:
            return Receipt("unchanged")  # a double click, a reload, a retry
        first = held if held and held.state == COUNTED else None
        peeked = first.peeked if first else key in self.peeked
        place = first.placement_id if first else act.placement_id
        self._replace(key, held, HeldBallot(COUNTED, 1, self._hour(act), peeked, place, chosen))
        self.positions[key] = dict(zip(act.option_ids, act.positions, strict=True))
        return Receipt("changed" if first else "cast")

    def _withdraw(self, act: Act) -> Receipt:
        key = (act.poll_id, act.voter_key)
        held = self.now.get(key)
        if held is None or held.state != COUNTED:
            raise NotFound(sentence("This browser holds no answer to this question."))
        hour = self._hour(act)
        new = held._replace(state=WITHDRAWN, hour=hour, placement_id=None, option_ids=())
        self._replace(key, held, new)
        return Receipt("withdrawn")

    def _peek(self, act: Act) -> Receipt:
        key = (act.poll_id, act.voter_key)
        held = self.now.get(key)
        if key not in self.peeked and not (held and held.state == COUNTED):
            self.peeked.add(key)
            self.new_peeks.append(key)
        return Receipt("peeked")

    def _hour(self, act: Act) -> Any:
        """The hour of the act as it is stored; the acts of a batch share one or two."""
        hour = act.hour
        if hour not in self.hours:
            self.hours[hour] = stored_hour(self.connection, hour)
        return self.hours[hour]

    def _replace(self, key: Key, old: HeldBallot | None, new: HeldBallot) -> None:
        poll_id, hour = key[0], new.hour
        for held, sign in ((old, -1), (new, +1)):
            if held and held.state == COUNTED:
                self.ballots[poll_id, hour] += sign
                if held.placement_id is not None:
                    self.placed[poll_id, held.placement_id] += sign
                for option_id in held.option_ids:
                    self.votes[poll_id, option_id, hour] += sign
        if old:
            option_ids = " ".join(map(str, old.option_ids))
            self.past.append((*key, old.revision, old.hour, option_ids))
        self.now[key] = new._replace(revision=old.revision + 1 if old else 1)

    def write(self) -> None:
        """The rows and the figures, sorted by key."""
        changed = sorted(key for key, held in self.now.items() if held != self.before.get(key))
        self._write_ballots(changed)
        insert(self.connection, PEEKS, sorted(self.new_peeks))
        self._write_tallies(changed)

    def _write_ballots(self, changed: Sequence[Key]) -> None:
        connection, now = self.connection, self.now
        old = [key for key in changed if key in self.before]
        new = [key for key in changed if key not in self.before]
        insert(connection, BALLOTS, [(*key, *now[key][:5]) for key in new])
        change(connection, UPDATE_BALLOT, [(*now[key][:5], *key) for key in old])
        change(connection, DELETE_CHOICES, old)
        insert(connection, PAST_ANSWERS, self.past)
        insert(connection, CHOICES, [
            (*key, option_id, position)
            for key in changed if now[key].state == COUNTED
            for option_id, position in self.positions[key].items()
        ])  # fmt: skip

    def _write_tallies(self, changed: Sequence[Key]) -> None:
        connection = self.connection
        votes: Counter[tuple[int, int]] = Counter()
        for (poll_id, option_id, _hour), delta in self.votes.items():
            votes[poll_id, option_id] += delta
        ballots: Counter[int] = Counter()
        for (poll_id, _hour), delta in self.ballots.items():
            ballots[poll_id] += delta
        peeks = Counter(poll_id for poll_id, _ in self.new_peeks)
        touched = sorted({poll_id for poll_id, _ in changed} | set(peeks))
        change(connection, MOVE_TALLY, _deltas(votes, first=True))
        insert(connection, HOURLY_TALLIES, _deltas(self.votes), MOVE_HOURLY_TALLIES)
        change(connection, MOVE_TURNOUT, [(ballots[id_], peeks[id_], id_) for id_ in touched])
        insert(connection, HOURLY_TURNOUTS, _deltas(self.ballots), MOVE_HOURLY_TURNOUTS)
        # A row that would hold less than nothing is refused even where it only lowers another one.
        insert(connection, PLACEMENT_TALLIES, _deltas(+self.placed), RAISE_PLACEMENT_TALLIES)
        lowered = Counter({key: delta for key, delta in self.placed.items() if delta < 0})
        change(connection, LOWER_PLACEMENT_TALLY, _deltas(lowered, first=True))


def _deltas(counter: Counter[Any], *, first: bool = False) -> list[Row]:
    """The key and the delta (or the delta first) of every figure that moves, sorted by key."""
    moved = [(key, delta) for key, delta in sorted(counter.items()) if delta]
    return [(delta, *key) if first else (*key, delta) for key, delta in moved]
