"""The tables: what is stored, and the constraints that hold whatever the code does.

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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from poll_app.database import Base, UTCDateTime
from poll_app.domain.articles import MAX_SLUG_LENGTH, MAX_STANDFIRST_LENGTH, MAX_TITLE_LENGTH
from poll_app.domain.polls import MAX_OPTION_LENGTH, MAX_QUESTION_LENGTH, METHODS, RESULTS_POLICIES
from poll_app.domain.voters import SALT_BYTES, VOTER_KEY_BYTES

COUNTED = "counted"
WITHDRAWN = "withdrawn"

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Article(Base):
    """A published piece that carries polls. `body` is Markdown."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_SLUG_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE_LENGTH))
    standfirst: Mapped[str] = mapped_column(String(MAX_STANDFIRST_LENGTH), default="")
    source: Mapped[str] = mapped_column(String(MAX_TITLE_LENGTH), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    discussion_prompt: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column()

    # Grows with every edit: no editor overwrites another unseen, and a kept view can be checked.
    __mapper_args__ = {"version_id_col": revision}

    polls: Mapped[list[Poll]] = relationship(
        back_populates="article", order_by="(Poll.place, Poll.id)"
    )


class Poll(Base):
    """One question put to readers. A draft has no opening time; `simulated`: it holds ballots that
    the demo made up, which every page says."""

    __tablename__ = "polls"
    __table_args__ = (
        _one_of("method", METHODS),
        _one_of("results_policy", RESULTS_POLICIES),
        CheckConstraint("1 <= min_choices AND min_choices <= max_choices", name="choices"),
        CheckConstraint("closes_at IS NULL OR opens_at < closes_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_SLUG_LENGTH), unique=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    question: Mapped[str] = mapped_column(String(MAX_QUESTION_LENGTH))
    method: Mapped[str] = mapped_column(String(20))
    min_choices: Mapped[int] = mapped_column(default=1)
    max_choices: Mapped[int] = mapped_column(default=1)
    results_policy: Mapped[str] = mapped_column(String(20), default="always")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wording_version: Mapped[int] = mapped_column(default=1)
    voter_salt: Mapped[bytes] = mapped_column(LargeBinary(SALT_BYTES))
    simulated: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}

    article: Mapped[Article | None] = relationship(back_populates="polls")
    options: Mapped[list[Option]] = relationship(
        back_populates="poll",
        order_by="(Option.not_sure, Option.place, Option.id)",
        cascade="all, delete-orphan",
    )


class Option(Base):
    """One answer offered; identified by id, never by its text."""

    __tablename__ = "options"
    __table_args__ = (
        UniqueConstraint("poll_id", "id"),
        UniqueConstraint("poll_id", "label"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    place: Mapped[int]
    label: Mapped[str] = mapped_column(String(MAX_OPTION_LENGTH))
    not_sure: Mapped[bool] = mapped_column(default=False)

    poll: Mapped[Poll] = relationship(back_populates="options")


class Ballot(Base):
    """One reader's current answer to one poll. `revision` counts what the reader did, from 1;
    `peeked`: whether this browser asked for the results before it voted.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "voter_key"),
        _one_of("state", (COUNTED, WITHDRAWN)),
        _WITHOUT_ROWID,
    )

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    peeked: Mapped[bool]


class Choice(Base):
    """An option a ballot holds now; `position`: the place (from 1) it was shown at, if known."""

    __tablename__ = "choices"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "voter_key", "option_id"),
        ForeignKeyConstraint(["poll_id", "voter_key"], ["ballots.poll_id", "ballots.voter_key"]),
        ForeignKeyConstraint(["poll_id", "option_id"], ["options.poll_id", "options.id"]),
        _WITHOUT_ROWID,
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
        _WITHOUT_ROWID,
    )

    poll_id: Mapped[int]
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    revision: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    option_ids: Mapped[str] = mapped_column(Text)


class Peek(Base):
    """A browser that asked for the results of a poll without voting."""

    __tablename__ = "peeks"
    __table_args__ = (PrimaryKeyConstraint("poll_id", "voter_key"), _WITHOUT_ROWID)

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
