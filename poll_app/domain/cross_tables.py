"""How readers who answered two questions answered both, without pointing at a few of them.

What could be subtracted is not shown either: with all but one row of a table, and the results of
both questions, the missing row is known. So answers of few readers stand together in one group,
and while even that would be small there is no table. Columns are grouped the same way, since the
table can be asked for with its sides exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from poll_app.domain.statistics import percent_label, share_percents

MIN_READERS = 50
STEP = 10  # readers by whom two tables differ at least
_FEWEST_GROUPS = 2

Pairs = Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Answers:
    """Readers who gave one of these answers (option ids); several where each of them has few."""

    option_ids: tuple[int, ...]
    readers: int


@dataclass(frozen=True)
class Row:
    """Those who answered the first question so, and the share of each column, as printed."""

    answers: Answers
    shares: tuple[str, ...]


@dataclass(frozen=True)
class CrossTable:
    """`readers` answered both questions; `rows` by what they answered to the first."""

    readers: int
    rows: tuple[Row, ...]
    columns: tuple[Answers, ...]


def cross_table(
    pairs: Pairs, row_ids: Sequence[int], column_ids: Sequence[int]
) -> CrossTable | None:
    """The table of how many readers gave each pair of answers; None where it would tell of a few.

    Every row and every column holds `MIN_READERS`, and there are two of each at least.
    """
    rows = _grouped(row_ids, {i: sum(pairs.get((i, j), 0) for j in column_ids) for i in row_ids})
    columns = _grouped(
        column_ids, {j: sum(pairs.get((i, j), 0) for i in row_ids) for j in column_ids}
    )
    if not (rows and columns):
        return None
    return CrossTable(
        readers=sum(row.readers for row in rows),
        rows=tuple(Row(row, _shares(pairs, row, columns)) for row in rows),
        columns=columns,
    )


def exchanged(pairs: Pairs) -> Pairs:
    """The same readers with the second question first."""
    return {(j, i): readers for (i, j), readers in pairs.items()}


def is_a_step(before: Pairs, now: Pairs) -> bool:
    """Whether so many readers came, went or answer otherwise that none of them is pointed at."""
    moved = [now.get(pair, 0) - before.get(pair, 0) for pair in {*before, *now}]
    came, went = sum(n for n in moved if n > 0), -sum(n for n in moved if n < 0)
    return max(came, went) >= STEP  # one who answers otherwise comes and goes


def _grouped(ids: Sequence[int], readers: Mapping[int, int]) -> tuple[Answers, ...]:
    """The answers of enough readers, in their order, then all others as one; () if small."""
    groups = [Answers((i,), readers[i]) for i in ids if readers[i] >= MIN_READERS]
    few = [i for i in ids if readers[i] < MIN_READERS]
    rest = Answers(tuple(few), sum(readers[i] for i in few))
    if 0 < rest.readers < MIN_READERS:
        return ()
    if rest.readers:
        groups.append(rest)
    return tuple(groups) if len(groups) >= _FEWEST_GROUPS else ()


def _shares(pairs: Pairs, row: Answers, columns: Sequence[Answers]) -> tuple[str, ...]:
    counts = [
        sum(pairs.get((i, j), 0) for i in row.option_ids for j in column.option_ids)
        for column in columns
    ]
    percents = share_percents(counts)
    return tuple(
        percent_label(count, row.readers, percent)
        for count, percent in zip(counts, percents, strict=True)
    )
