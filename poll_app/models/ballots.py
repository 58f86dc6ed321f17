"""What readers did: ballots, their history, and the tallies that move with them.

Ballots have no number of their own and their times are whole hours, so that the order of arrival,
which could name a reader, is in no column; SQLite keeps them in the order of their keys besides.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from poll_app.database import Base, UTCDateTime
from poll_app.domain.voters import VOTER_KEY_BYTES
from poll_app.models.columns import WITHOUT_ROWID, one_of

COUNTED = "counted"
WITHDRAWN = "withdrawn"


class Ballot(Base):
    """One reader's current answer to one poll. `revision` counts what the reader did, from 1;
    `peeked`: whether this browser asked for the results before it voted; `placement_id`: the place
    where it was first cast, if that is known.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "voter_key"),
        one_of("state", (COUNTED, WITHDRAWN)),
        WITHOUT_ROWID,
    )

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    peeked: Mapped[bool]
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placements.id"))


class Choice(Base):
    """An option a ballot holds now; `position`: the place (from 1) it was shown at, if known."""

    __tablename__ = "choices"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "voter_key", "option_id"),
        ForeignKeyConstraint(["poll_id", "voter_key"], ["ballots.poll_id", "ballots.voter_key"]),
        ForeignKeyConstraint(["poll_id", "option_id"], ["options.poll_id", "options.id"]),
        WITHOUT_ROWID,
    )

    poll_id: Mapped[int]
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    option_id: Mapped[int]
    position: Mapped[int | None]


class PastAnswer(Base):
    """What a ballot held before the reader changed or withdrew it: the history.

    `option_ids` are separated by spaces, in ascending order; "" stands for withdrawn.
    """

    __tablename__ = "past_answers"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "voter_key", "revision"),
        ForeignKeyConstraint(["poll_id", "voter_key"], ["ballots.poll_id", "ballots.voter_key"]),
        WITHOUT_ROWID,
    )

    poll_id: Mapped[int]
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    revision: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    option_ids: Mapped[str] = mapped_column(Text)


class Peek(Base):
    """A browser that asked for the results of a poll without voting."""

    __tablename__ = "peeks"
    __table_args__ = (PrimaryKeyConstraint("poll_id", "voter_key"), WITHOUT_ROWID)

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))


class WrittenBatch(Base):
    """A transaction of the ballot box that came through: asked for when the connection broke at its
    commit. Kept for a few hours."""

    __tablename__ = "written_batches"

    number: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Tally(Base):
    """How many counted ballots hold an option now; moved in the transaction of the ballot."""

    __tablename__ = "tallies"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "option_id"),
        ForeignKeyConstraint(["poll_id", "option_id"], ["options.poll_id", "options.id"]),
        CheckConstraint("votes >= 0", name="votes"),
    )

    poll_id: Mapped[int]
    option_id: Mapped[int]
    votes: Mapped[int]


class HourlyTally(Base):
    """By how much an hour moved the votes of an option."""

    __tablename__ = "hourly_tallies"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "option_id", "hour"),
        ForeignKeyConstraint(["poll_id", "option_id"], ["options.poll_id", "options.id"]),
    )

    poll_id: Mapped[int]
    option_id: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    votes: Mapped[int]


class Turnout(Base):
    """How many ballots a poll counts and how many browsers peeked; `version` grows with every
    change of a figure, so that a cached result can be checked by one number.
    """

    __tablename__ = "turnouts"
    __table_args__ = (CheckConstraint("ballots >= 0 AND peeks >= 0", name="figures"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    ballots: Mapped[int] = mapped_column(default=0)
    peeks: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)


class HourlyTurnout(Base):
    """By how much an hour moved the number of ballots of a poll."""

    __tablename__ = "hourly_turnouts"
    __table_args__ = (PrimaryKeyConstraint("poll_id", "hour"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    ballots: Mapped[int]
