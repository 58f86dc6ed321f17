"""The rows of ballots and tallies: loading what a batch touches, and the statements that move it.

All are Core statements made once: per batch they cost the database's time, not the mapper's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Table, bindparam, delete, insert, select, tuple_, update

from poll_app.database import insert_into
from poll_app.domain.voting import Choosable
from poll_app.models import (
    Ballot,
    Choice,
    HourlyTally,
    HourlyTurnout,
    Option,
    PastAnswer,
    Peek,
    Poll,
    Tally,
    Turnout,
    WrittenBatch,
)

Key = tuple[int, bytes]

BALLOTS = cast("Table", Ballot.__table__)
CHOICES = cast("Table", Choice.__table__)
PEEKS = cast("Table", Peek.__table__)
TALLIES = cast("Table", Tally.__table__)
TURNOUTS = cast("Table", Turnout.__table__)
HOURLY_TALLIES = cast("Table", HourlyTally.__table__)
HOURLY_TURNOUTS = cast("Table", HourlyTurnout.__table__)
BATCHES = cast("Table", WrittenBatch.__table__)

_KEPT = timedelta(hours=2)


@dataclass(frozen=True)
class HeldBallot:
    """A ballot as it stands; its options in ascending order."""

    state: str
    revision: int
    hour: datetime
    peeked: bool
    option_ids: tuple[int, ...]


@dataclass(frozen=True)
class PollRules:
    """What a ballot is checked against."""

    opens_at: datetime | None
    closes_at: datetime | None
    min_choices: int
    max_choices: int
    options: tuple[Choosable, ...]


INSERT_BALLOT = insert(BALLOTS)
INSERT_CHOICE = insert(CHOICES)
INSERT_PAST = insert(PastAnswer)
INSERT_PEEK = insert(PEEKS)
_THIS_BALLOT = (BALLOTS.c.poll_id == bindparam("b_poll_id")) & (
    BALLOTS.c.voter_key == bindparam("b_voter_key")
)
UPDATE_BALLOT = (
    update(BALLOTS)
    .where(_THIS_BALLOT)
    .values({name: bindparam(f"b_{name}") for name in ("state", "revision", "hour", "peeked")})
)
DELETE_CHOICES = delete(CHOICES).where(
    CHOICES.c.poll_id == bindparam("b_poll_id"), CHOICES.c.voter_key == bindparam("b_voter_key")
)
MOVE_TALLY = (
    update(TALLIES)
    .where(
        TALLIES.c.poll_id == bindparam("b_poll_id"),
        TALLIES.c.option_id == bindparam("b_option_id"),
    )
    .values(votes=TALLIES.c.votes + bindparam("delta"))
)
MOVE_TURNOUT = (
    update(TURNOUTS)
    .where(TURNOUTS.c.poll_id == bindparam("b_poll_id"))
    .values(
        ballots=TURNOUTS.c.ballots + bindparam("ballots_delta"),
        peeks=TURNOUTS.c.peeks + bindparam("peeks_delta"),
        version=TURNOUTS.c.version + 1,
    )
)


@cache
def upsert_hour(dialect: Dialect, table: Table, figure: str) -> Any:
    """The statement that moves a figure of an hour, whether or not the hour has a row."""
    statement = insert_into(table, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={figure: table.c[figure] + statement.excluded[figure]},
    )


def named(key: Key) -> dict[str, Any]:
    """The key as columns."""
    return {"poll_id": key[0], "voter_key": key[1]}


def bound(row: dict[str, Any]) -> dict[str, Any]:
    """The row as parameters of a statement that also sets columns of the same names."""
    return {f"b_{name}": value for name, value in row.items()}


_OPTIONS = select(Option.poll_id, Option.id, Option.label, Option.not_sure).where(
    Option.poll_id.in_(bindparam("ids", expanding=True))
)
_POLLS = select(Poll.id, Poll.opens_at, Poll.closes_at, Poll.min_choices, Poll.max_choices).where(
    Poll.id.in_(bindparam("ids", expanding=True))
)
_HELD = (
    select(BALLOTS)
    .where(tuple_(BALLOTS.c.poll_id, BALLOTS.c.voter_key).in_(bindparam("keys", expanding=True)))
    .order_by(BALLOTS.c.poll_id, BALLOTS.c.voter_key)
    .with_for_update()
)
_CHOSEN = select(CHOICES.c.poll_id, CHOICES.c.voter_key, CHOICES.c.option_id).where(
    tuple_(CHOICES.c.poll_id, CHOICES.c.voter_key).in_(bindparam("keys", expanding=True))
)
_PEEKED = select(PEEKS).where(
    tuple_(PEEKS.c.poll_id, PEEKS.c.voter_key).in_(bindparam("keys", expanding=True))
)


def load_rules(connection: Connection, poll_ids: Iterable[int]) -> dict[int, PollRules]:
    """The rules of these polls as this transaction sees them."""
    wanted = {"ids": sorted(poll_ids)}
    options: dict[int, list[Choosable]] = {poll_id: [] for poll_id in wanted["ids"]}
    for row in connection.execute(_OPTIONS, wanted):
        options[row.poll_id].append(Choosable(row.id, row.label, row.not_sure))
    return {
        row.id: PollRules(
            row.opens_at, row.closes_at, row.min_choices, row.max_choices, tuple(options[row.id])
        )
        for row in connection.execute(_POLLS, wanted)
    }


def load_ballots(connection: Connection, keys: Sequence[Key]) -> dict[Key, HeldBallot]:
    """The ballots with these keys, locked until the transaction ends."""
    rows = connection.execute(_HELD, {"keys": keys}).all()
    if not rows:
        return {}
    chosen: dict[Key, list[int]] = {(row.poll_id, row.voter_key): [] for row in rows}
    for row in connection.execute(_CHOSEN, {"keys": list(chosen)}):
        chosen[row.poll_id, row.voter_key].append(row.option_id)
    return {
        (row.poll_id, row.voter_key): HeldBallot(
            row.state,
            row.revision,
            row.hour,
            row.peeked,
            tuple(sorted(chosen[row.poll_id, row.voter_key])),
        )
        for row in rows
    }


def load_peeks(connection: Connection, keys: Sequence[Key]) -> set[Key]:
    """Which of these keys asked for the results without voting."""
    return {(row.poll_id, row.voter_key) for row in connection.execute(_PEEKED, {"keys": keys})}


_FORGET_BATCHES = delete(BATCHES).where(BATCHES.c.hour < bindparam("oldest"))
_INSERT_BATCH = insert(BATCHES)


def mark_written(connection: Connection, number: bytes, hour: datetime) -> None:
    """Writes the number of this transaction into it; the old ones go."""
    connection.execute(_FORGET_BATCHES, {"oldest": hour - _KEPT})
    connection.execute(_INSERT_BATCH, {"number": number, "hour": hour})


def is_written(connection: Connection, number: bytes) -> bool:
    """Whether the transaction of this number was committed."""
    found: bytes | None = connection.scalar(
        select(BATCHES.c.number).where(BATCHES.c.number == number)
    )
    return found is not None
