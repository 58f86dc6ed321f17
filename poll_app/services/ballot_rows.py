"""The rows of ballots and tallies: what a batch reads and writes, as statements in SQL.

They are written out, and all rows for a table go into one statement: building them from expressions
took longer than the database does, and at every statement, or row sent by itself, other threads
get in between while everybody waits for the commit. SQLite and PostgreSQL read the same words
except for the mark of a parameter. Values pass as the driver has them: an hour is made for it by
`stored_hour` and comes back the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Engine, bindparam, select

from poll_app.database import UTCDateTime
from poll_app.domain.voting import Choosable
from poll_app.models import Option, Poll, WrittenBatch

Key = tuple[int, bytes]
Row = Sequence[Any]

_MAX_KEPT = 1_000
_KEPT_BATCHES = timedelta(hours=2)


class HeldBallot(NamedTuple):
    """A ballot as it stands; its options in ascending order, its hour as it is stored; where it was
    first cast."""

    state: str
    revision: int
    hour: Any
    peeked: bool
    placement_id: int | None
    option_ids: tuple[int, ...]


@dataclass(frozen=True)
class PollRules:
    """What a ballot is checked against."""

    opens_at: datetime | None
    closes_at: datetime | None
    min_choices: int
    max_choices: int
    options: tuple[Choosable, ...]


KeptRules = dict[int, tuple[Row, PollRules]]

BALLOTS = "ballots (poll_id, voter_key, state, revision, hour, peeked, placement_id)"
CHOICES = "choices (poll_id, voter_key, option_id, position)"
PAST_ANSWERS = "past_answers (poll_id, voter_key, revision, hour, option_ids)"
PEEKS = "peeks (poll_id, voter_key)"
HOURLY_TALLIES = "hourly_tallies (poll_id, option_id, hour, votes)"
HOURLY_TURNOUTS = "hourly_turnouts (poll_id, hour, ballots)"
PLACEMENT_TALLIES = "placement_tallies (poll_id, placement_id, ballots)"
MOVE_HOURLY_TALLIES = (
    "ON CONFLICT (poll_id, option_id, hour)"
    " DO UPDATE SET votes = hourly_tallies.votes + excluded.votes"
)
MOVE_HOURLY_TURNOUTS = (
    "ON CONFLICT (poll_id, hour) DO UPDATE SET ballots = hourly_turnouts.ballots + excluded.ballots"
)
RAISE_PLACEMENT_TALLIES = (
    "ON CONFLICT (poll_id, placement_id)"
    " DO UPDATE SET ballots = placement_tallies.ballots + excluded.ballots"
)

# Once per row, with the values in the order of their marks.
UPDATE_BALLOT = (
    "UPDATE ballots SET state = ?, revision = ?, hour = ?, peeked = ?, placement_id = ?"
    " WHERE poll_id = ? AND voter_key = ?"
)
DELETE_CHOICES = "DELETE FROM choices WHERE poll_id = ? AND voter_key = ?"
MOVE_TALLY = "UPDATE tallies SET votes = votes + ? WHERE poll_id = ? AND option_id = ?"
LOWER_PLACEMENT_TALLY = (
    "UPDATE placement_tallies SET ballots = ballots + ? WHERE poll_id = ? AND placement_id = ?"
)
MOVE_TURNOUT = (
    "UPDATE turnouts SET ballots = ballots + ?, peeks = peeks + ?, version = version + 1"
    " WHERE poll_id = ?"
)


def insert(connection: Connection, into: str, rows: Sequence[Row], on_conflict: str = "") -> None:
    """Adds the rows, all in one statement."""
    if rows:
        sql = f"INSERT INTO {into} VALUES {_marks(rows)} {on_conflict}"  # noqa: S608 - ours
        _execute(connection, sql, tuple(chain.from_iterable(rows)))


def change(connection: Connection, sql: str, rows: Sequence[Row]) -> None:
    """Runs the statement for each row, in their order."""
    if rows:
        _execute(connection, sql, [tuple(row) for row in rows])


def load_rules(
    connection: Connection, poll_ids: Iterable[int], kept: KeptRules
) -> dict[int, PollRules]:
    """The rules of these polls as this transaction sees them. What `kept` knows from before is
    used again while the poll stands as it stood then; its `revision` moves with every edit."""
    ids = sorted(set(poll_ids))
    sql = (
        "SELECT id, revision, opens_at, closes_at, min_choices, max_choices FROM polls"  # noqa: S608
        f" WHERE id IN {_marks([ids])}"
    )
    rows = {row[0]: tuple(row) for row in _execute(connection, sql, tuple(ids))}
    if len(kept) > _MAX_KEPT:
        kept.clear()
    changed = [id_ for id_, row in rows.items() if id_ not in kept or kept[id_][0] != row]
    for id_, rules in _load_changed_rules(connection, changed).items() if changed else ():
        kept[id_] = (rows[id_], rules)
    return {id_: kept[id_][1] for id_ in rows}


_OPTIONS = select(Option.poll_id, Option.id, Option.label, Option.not_sure).where(
    Option.poll_id.in_(bindparam("ids", expanding=True))
)
_POLLS = select(Poll.id, Poll.opens_at, Poll.closes_at, Poll.min_choices, Poll.max_choices).where(
    Poll.id.in_(bindparam("ids", expanding=True))
)


def _load_changed_rules(connection: Connection, ids: Sequence[int]) -> dict[int, PollRules]:
    options: dict[int, list[Choosable]] = {poll_id: [] for poll_id in ids}
    for row in connection.execute(_OPTIONS, {"ids": ids}):
        options[row.poll_id].append(Choosable(row.id, row.label, row.not_sure))
    return {
        row.id: PollRules(
            row.opens_at, row.closes_at, row.min_choices, row.max_choices, tuple(options[row.id])
        )
        for row in connection.execute(_POLLS, {"ids": ids})
    }


def load_ballots(connection: Connection, keys: Sequence[Key]) -> dict[Key, HeldBallot]:
    """The ballots with these keys, locked until the transaction ends."""
    lock = "" if connection.dialect.name == "sqlite" else "FOR UPDATE"
    rows = _with_keys(
        connection,
        "SELECT poll_id, voter_key, state, revision, hour, peeked, placement_id FROM ballots",
        keys,
        f"ORDER BY poll_id, voter_key {lock}",
    )
    if not rows:
        return {}
    chosen: dict[Key, list[int]] = {(row[0], row[1]): [] for row in rows}
    held = _with_keys(connection, "SELECT poll_id, voter_key, option_id FROM choices", list(chosen))
    for poll_id, voter_key, option_id in held:
        chosen[poll_id, voter_key].append(option_id)
    return {
        (poll_id, voter_key): HeldBallot(
            state, revision, hour, bool(peeked), place, tuple(sorted(chosen[poll_id, voter_key]))
        )
        for poll_id, voter_key, state, revision, hour, peeked, place in rows
    }


def load_peeks(connection: Connection, keys: Sequence[Key]) -> set[Key]:
    """Which of these keys asked for the results without voting."""
    rows = _with_keys(connection, "SELECT poll_id, voter_key FROM peeks", keys)
    return {(row[0], row[1]) for row in rows}


def stored_hour(connection: Connection, hour: datetime) -> Any:
    """The hour as this database's driver takes it."""
    return _hour_writer(connection.dialect)(hour)


@cache
def _hour_writer(dialect: Dialect) -> Any:
    return UTCDateTime().dialect_impl(dialect).bind_processor(dialect)


def mark_written(connection: Connection, number: bytes, hour: datetime) -> None:
    """Writes the number of this transaction into it; the old ones go."""
    _execute(
        connection,
        "WITH old AS (DELETE FROM written_batches WHERE hour < ?)"
        " INSERT INTO written_batches (number, hour) VALUES (?, ?)",
        (hour - _KEPT_BATCHES, number, hour),
    )


def is_written(engine: Engine, number: bytes) -> bool:
    """Whether the transaction of this number was committed."""
    wanted = select(WrittenBatch.number).where(WrittenBatch.number == number)
    with engine.connect() as connection:
        return connection.scalar(wanted) is not None


def _with_keys(
    connection: Connection, select_from: str, keys: Sequence[Key], more: str = ""
) -> Sequence[Any]:
    """The rows of these ballots."""
    sql = f"{select_from} WHERE (poll_id, voter_key) IN (VALUES {_marks(keys)}) {more}"
    return list(_execute(connection, sql, tuple(chain.from_iterable(keys))))


def _marks(rows: Sequence[Row]) -> str:
    """The marks of these rows' values: `(?, ?), (?, ?)`."""
    return ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(rows))


def _execute(connection: Connection, sql: str, values: Any) -> Any:
    if connection.dialect.name != "sqlite":
        sql = sql.replace("?", "%s")
    return connection.exec_driver_sql(sql, values)
