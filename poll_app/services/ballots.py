"""Writing ballots: a batch of readers' acts becomes rows and tallies inside one transaction.

The poll's rules are checked against the poll as this transaction sees it. What an act changes is
worked out in memory, act by act, and written with a fixed number of statements for the batch, in
one order everywhere (polls, ballots, tallies, turnout; each by key) so that two machines writing
to one database wait for each other but never in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from poll_app.domain.polls import refuse_unless_open
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voting import Act, Cast, Withdraw, check_choices
from poll_app.models import COUNTED, WITHDRAWN
from poll_app.services.ballot_rows import (
    DELETE_CHOICES,
    HOURLY_TALLIES,
    HOURLY_TURNOUTS,
    INSERT_BALLOT,
    INSERT_CHOICE,
    INSERT_PAST,
    INSERT_PEEK,
    MOVE_TALLY,
    MOVE_TURNOUT,
    UPDATE_BALLOT,
    HeldBallot,
    Key,
    PollRules,
    bound,
    load_ballots,
    load_peeks,
    load_rules,
    named,
    upsert_hour,
)

Done = Literal["cast", "changed", "unchanged", "withdrawn", "peeked"]


@dataclass(frozen=True)
class Receipt:
    """What an act did."""

    done: Done


Outcome = Receipt | Refusal


def write_batch(connection: Connection, acts: Sequence[Act]) -> list[Outcome]:
    """Writes the acts, in their order; an act that breaks a rule yields its Refusal and leaves the
    others alone. The caller owns the transaction: nothing is done before it commits.

    Raises IntegrityError when another machine wrote the same reader's first ballot at this moment;
    the whole batch may then be written again.
    """
    batch = _Batch(connection, acts)
    outcomes = [batch.apply(act) for act in acts]
    batch.write()
    return outcomes


class _Batch:
    """The state of the ballots a batch touches, before and after, and the deltas of the tallies."""

    def __init__(self, connection: Connection, acts: Sequence[Act]) -> None:
        self.connection = connection
        self.rules = load_rules(connection, {act.poll_id for act in acts})
        keys = sorted({(act.poll_id, act.voter_key) for act in acts})
        self.before = load_ballots(connection, keys)
        self.now = dict(self.before)
        self.peeked = load_peeks(connection, keys)
        self.new_peeks: list[Key] = []
        self.past: list[dict[str, Any]] = []
        self.positions: dict[Key, dict[int, int | None]] = {}
        self.votes: Counter[tuple[int, int, datetime]] = Counter()
        self.ballots: Counter[tuple[int, datetime]] = Counter()

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
        peeked = held.peeked if held and held.state == COUNTED else key in self.peeked
        self._replace(act, held, HeldBallot(COUNTED, 1, act.hour, peeked, chosen))
        self.positions[key] = dict(zip(act.option_ids, act.positions, strict=True))
        return Receipt("changed" if held and held.state == COUNTED else "cast")

    def _withdraw(self, act: Act) -> Receipt:
        held = self.now.get((act.poll_id, act.voter_key))
        if held is None or held.state != COUNTED:
            raise NotFound(sentence("This browser holds no answer to this question."))
        self._replace(act, held, replace(held, state=WITHDRAWN, hour=act.hour, option_ids=()))
        return Receipt("withdrawn")

    def _peek(self, act: Act) -> Receipt:
        key = (act.poll_id, act.voter_key)
        held = self.now.get(key)
        if key not in self.peeked and not (held and held.state == COUNTED):
            self.peeked.add(key)
            self.new_peeks.append(key)
        return Receipt("peeked")

    def _replace(self, act: Act, old: HeldBallot | None, new: HeldBallot) -> None:
        key = (act.poll_id, act.voter_key)
        for held, sign in ((old, -1), (new, +1)):
            if held and held.state == COUNTED:
                self.ballots[act.poll_id, act.hour] += sign
                for option_id in held.option_ids:
                    self.votes[act.poll_id, option_id, act.hour] += sign
        if old:
            self.past.append({
                **named(key), "revision": old.revision, "hour": old.hour,
                "option_ids": " ".join(map(str, old.option_ids)),
            })  # fmt: skip
        self.now[key] = replace(new, revision=old.revision + 1 if old else 1)

    def write(self) -> None:
        """The rows and the figures, sorted by key."""
        changed = sorted(key for key, held in self.now.items() if held != self.before.get(key))
        self._write_ballots(changed)
        self._run(INSERT_PEEK, [named(key) for key in sorted(self.new_peeks)])
        self._write_tallies(changed)

    def _write_ballots(self, changed: Sequence[Key]) -> None:
        old = [key for key in changed if key in self.before]
        rows = {key: {**named(key), **_columns(self.now[key])} for key in changed}
        self._run(INSERT_BALLOT, [rows[key] for key in changed if key not in self.before])
        self._run(UPDATE_BALLOT, [bound(rows[key]) for key in old])
        self._run(DELETE_CHOICES, [bound(named(key)) for key in old])
        self._run(INSERT_PAST, self.past)
        self._run(INSERT_CHOICE, [
            {**named(key), "option_id": option_id, "position": position}
            for key in changed if self.now[key].state == COUNTED
            for option_id, position in self.positions[key].items()
        ])  # fmt: skip

    def _write_tallies(self, changed: Sequence[Key]) -> None:
        votes: Counter[tuple[int, int]] = Counter()
        for (poll_id, option_id, _hour), delta in self.votes.items():
            votes[poll_id, option_id] += delta
        ballots: Counter[int] = Counter()
        for (poll_id, _hour), delta in self.ballots.items():
            ballots[poll_id] += delta
        peeks = Counter(poll_id for poll_id, _ in self.new_peeks)
        touched = sorted({poll_id for poll_id, _ in changed} | set(peeks))
        self._run(MOVE_TALLY, [
            {"b_poll_id": poll_id, "b_option_id": option_id, "delta": delta}
            for (poll_id, option_id), delta in sorted(votes.items()) if delta
        ])  # fmt: skip
        self._run(upsert_hour(self.connection.dialect, HOURLY_TALLIES, "votes"), [
            {"poll_id": poll_id, "option_id": option_id, "hour": hour, "votes": delta}
            for (poll_id, option_id, hour), delta in sorted(self.votes.items()) if delta
        ])  # fmt: skip
        self._run(MOVE_TURNOUT, [
            {"b_poll_id": poll_id, "ballots_delta": ballots[poll_id], "peeks_delta": peeks[poll_id]}
            for poll_id in touched
        ])  # fmt: skip
        self._run(upsert_hour(self.connection.dialect, HOURLY_TURNOUTS, "ballots"), [
            {"poll_id": poll_id, "hour": hour, "ballots": delta}
            for (poll_id, hour), delta in sorted(self.ballots.items()) if delta
        ])  # fmt: skip

    def _run(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(statement, rows)


def _columns(held: HeldBallot) -> dict[str, Any]:
    return {
        "state": held.state,
        "revision": held.revision,
        "hour": held.hour,
        "peeked": held.peeked,
    }
