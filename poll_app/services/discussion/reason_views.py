"""Reasons as pages show them; whatever number of them is looked up in the same few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, func, select

from poll_app.database import db
from poll_app.domain.discussion.codes import State
from poll_app.domain.discussion.ranking import SideCount
from poll_app.domain.discussion.texts import Paragraph, paragraphs
from poll_app.models import MindChanged, Reason, ReasonText
from poll_app.services.discussion.stored import positions_of
from poll_app.services.poll_views import PollView

REPLIES_SHOWN = 5
_EVERY_REPLY = 1_000


@dataclass(frozen=True)
class Position:
    """The options of an answer, in the poll's order; none: it was withdrawn."""

    option_ids: tuple[int, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class EarlierText:
    """What stood there until the text was edited, from that hour on."""

    hour: datetime
    name: str
    text: str

    @property
    def paragraphs(self) -> tuple[tuple[Paragraph, ...], ...]:
        """The text as pages show it."""
        return paragraphs(self.text)


@dataclass(frozen=True)
class ReasonView:
    """A public reason or reply. `state`: published, or what stands there is a tombstone: "removed"
    by a moderator (`codes` says why) or "deleted" by its writer, without name, text and answer.

    `name` is "" for a reader who gave none. `later`: what the writer answers now, where that is
    something else than `position`. `counts`: behind the rank, every side that takes part.
    `by_editor`: written in the name of the newsroom; without a position. `replies_in_all` may be
    more than the `replies` at hand.
    """

    id: int
    parent_id: int | None
    state: State
    codes: tuple[str, ...]
    by_editor: bool
    name: str
    text: str
    hour: datetime
    published_hour: datetime
    edited_hour: datetime | None
    earlier: tuple[EarlierText, ...]
    position: Position | None
    later: Position | None
    counts: tuple[SideCount, ...]
    minds_changed: int
    replies: tuple[ReasonView, ...] = ()
    replies_in_all: int = 0

    @property
    def paragraphs(self) -> tuple[tuple[Paragraph, ...], ...]:
        """The text as pages show it: paragraphs, lines, words and links."""
        return paragraphs(self.text)

    @property
    def marks(self) -> int:
        """How many readers found it fair."""
        return sum(count.marks for count in self.counts)


Counts = Mapping[int, tuple[SideCount, ...]]


def views_of(
    poll: PollView, ids: Sequence[int], counts: Counts, *, all_replies: bool = False
) -> tuple[ReasonView, ...]:
    """The public reasons with these numbers, in their order, with their replies."""
    if not ids:
        return ()
    rows = _rows(ids)
    replies = _reply_rows(ids, _EVERY_REPLY if all_replies else REPLIES_SHOWN)
    shown = [*rows, *(row for row, _ in replies)]
    make = _Maker(poll, shown, counts)
    of_parent: dict[int | None, list[ReasonView]] = {}
    in_all: dict[int | None, int] = {}
    for row, number in replies:
        of_parent.setdefault(row.parent_id, []).append(make.view(row))
        in_all[row.parent_id] = number
    by_id = {
        row.id: replace(
            make.view(row),
            replies=tuple(of_parent.get(row.id, ())),
            replies_in_all=in_all.get(row.id, 0),
        )
        for row in rows
    }
    return tuple(by_id[id_] for id_ in ids if id_ in by_id)


def position_of(poll: PollView, option_ids: Sequence[int]) -> Position:
    """An answer in words."""
    labels = {option.id: option.label for option in poll.options}
    return Position(tuple(option_ids), tuple(labels[id_] for id_ in option_ids))


def position_ids(stored: str) -> tuple[int, ...]:
    """The options as the table holds them."""
    return tuple(map(int, stored.split()))


def earlier_texts(ids: Sequence[int]) -> dict[int, list[EarlierText]]:
    """What stood in these texts before their edits, oldest first."""
    found: dict[int, list[EarlierText]] = {}
    for text in db.session.scalars(
        select(ReasonText)
        .where(ReasonText.reason_id.in_(ids))
        .order_by(ReasonText.reason_id, ReasonText.number)
    ):
        found.setdefault(text.reason_id, []).append(EarlierText(text.hour, text.name, text.text))
    return found


class _Maker:
    """What belongs to these rows, looked up once for all of them."""

    def __init__(self, poll: PollView, rows: Sequence[Reason], counts: Counts) -> None:
        self.poll = poll
        self.counts = counts
        ids = [row.id for row in rows]
        self.earlier = earlier_texts(ids)
        self.minds: dict[int, int] = {
            row[0]: row[1]
            for row in db.session.execute(
                select(MindChanged.reason_id, func.count())
                .where(MindChanged.reason_id.in_(ids))
                .group_by(MindChanged.reason_id)
            )
        }
        keys = {row.voter_key for row in rows if row.voter_key is not None}
        order = [option.id for option in poll.options]
        self.now_held = positions_of(db.session(), poll.id, order, keys)

    def view(self, row: Reason) -> ReasonView:
        """The row as a page shows it."""
        gone = row.state != "published"
        held = position_ids(row.position)
        now_held = self.now_held.get(row.voter_key or b"", ())
        return ReasonView(
            id=row.id,
            parent_id=row.parent_id,
            state="removed" if row.state == "removed" else "deleted" if gone else "published",
            codes=tuple(row.codes.split()) if row.state == "removed" else (),
            by_editor=row.account_id is not None,
            name="" if gone else row.name,
            text="" if gone else row.text,
            hour=row.hour,
            published_hour=row.published_hour or row.hour,
            edited_hour=row.edited_hour,
            earlier=() if gone else tuple(self.earlier.get(row.id, ())),
            position=position_of(self.poll, held) if held and not gone else None,
            later=(
                position_of(self.poll, now_held) if held and not gone and now_held != held else None
            ),
            counts=self.counts.get(row.id, ()),
            minds_changed=self.minds.get(row.id, 0),
        )


def _rows(ids: Sequence[int]) -> Sequence[Reason]:
    return db.session.scalars(
        select(Reason).where(Reason.id.in_(ids)).execution_options(populate_existing=True)
    ).all()


def _reply_rows(ids: Sequence[int], most: int) -> Sequence[Row[Reason, int]]:
    """The first public replies of each, the oldest first, with the number of all of them. A removed
    one leaves its tombstone; one that its writer deleted, nothing."""
    public = Reason.published_hour.is_not(None) & Reason.state.in_(("published", "removed"))
    numbered = (
        select(
            Reason.id,
            func.row_number().over(partition_by=Reason.parent_id, order_by=Reason.id).label("at"),
            func.count().over(partition_by=Reason.parent_id).label("in_all"),
        )
        .where(Reason.parent_id.in_(ids), public)
        .subquery()
    )
    return db.session.execute(
        select(Reason, numbered.c.in_all)
        .join(numbered, numbered.c.id == Reason.id)
        .where(numbered.c.at <= most)
        .order_by(Reason.parent_id, Reason.id)
        .execution_options(populate_existing=True)
    ).all()
