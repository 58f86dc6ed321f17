"""The discussion: what readers wrote, marked and reported. Times of readers are whole hours.

A reason keeps the voter key of its writer when it is deleted, for the limits on writing; its words
go at once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from poll_app.database import Base, UTCDateTime
from poll_app.domain.accounts import MAX_NAME_LENGTH
from poll_app.domain.discussion.codes import STATES
from poll_app.domain.discussion.return_codes import HASH_BYTES
from poll_app.domain.voters import VOTER_KEY_BYTES
from poll_app.models.columns import WITHOUT_ROWID, one_of

_ONE_PER_READER = text("parent_id IS NULL AND state <> 'deleted'")


class Discussion(Base):
    """The discussion of a poll, from its first text on. Every write locks this row, and raises its
    `version` where it changes anything that pages show, so that what is kept of a discussion can be
    checked by one number."""

    __tablename__ = "discussions"

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)


class Reason(Base):
    """A reason, or with a parent a reply. `position`: the options the ballot held when it was
    written, in the poll's order, separated by spaces; the first one is its side. `side_id` is None
    for editors' replies, which have an account instead of a voter key.

    `reports` counts what readers reported; `reviewed`: how many of them a moderator knew who kept
    it, None while none did. `revision` grows with every edit and decision.
    """

    __tablename__ = "reasons"
    __table_args__ = (
        one_of("state", STATES),
        ForeignKeyConstraint(["poll_id", "side_id"], ["options.poll_id", "options.id"]),
        CheckConstraint("(voter_key IS NULL) <> (account_id IS NULL)", name="writer"),
        Index("ix_reasons_poll_id_state", "poll_id", "state"),
        Index("ix_reasons_poll_id_voter_key", "poll_id", "voter_key"),
        Index("ix_reasons_state_hour", "state", "hour"),
        Index(
            "uq_reasons_poll_id_voter_key",
            "poll_id",
            "voter_key",
            unique=True,
            sqlite_where=_ONE_PER_READER,
            postgresql_where=_ONE_PER_READER,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("reasons.id"), index=True)
    voter_key: Mapped[bytes | None] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    side_id: Mapped[int | None]
    position: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH), default="")
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    codes: Mapped[str] = mapped_column(Text, default="")
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    published_hour: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_hour: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reports: Mapped[int] = mapped_column(default=0)
    reviewed: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)


class ReasonText(Base):
    """What stood in a reason before an edit; deleted with its words."""

    __tablename__ = "reason_texts"
    __table_args__ = (PrimaryKeyConstraint("reason_id", "number"),)

    reason_id: Mapped[int] = mapped_column(ForeignKey("reasons.id"))
    number: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    text: Mapped[str] = mapped_column(Text)


class FairPoint(Base):
    """A reader of a side found a reason fair."""

    __tablename__ = "fair_points"
    __table_args__ = (
        PrimaryKeyConstraint("reason_id", "voter_key"),
        ForeignKeyConstraint(["poll_id", "side_id"], ["options.poll_id", "options.id"]),
        Index("ix_fair_points_poll_id_voter_key", "poll_id", "voter_key"),
        WITHOUT_ROWID,
    )

    reason_id: Mapped[int] = mapped_column(ForeignKey("reasons.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    side_id: Mapped[int]


class FairCount(Base):
    """How many readers of a side found a reason fair; moved in the transaction of the mark."""

    __tablename__ = "fair_counts"
    __table_args__ = (
        PrimaryKeyConstraint("reason_id", "side_id"),
        CheckConstraint("readers >= 0", name="readers"),
    )

    reason_id: Mapped[int] = mapped_column(ForeignKey("reasons.id"))
    side_id: Mapped[int] = mapped_column(ForeignKey("options.id"))
    readers: Mapped[int]


class Marker(Base):
    """A reader who marked any reason of a question: the side, and the hour of the last mark."""

    __tablename__ = "markers"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "voter_key"),
        ForeignKeyConstraint(["poll_id", "side_id"], ["options.poll_id", "options.id"]),
        WITHOUT_ROWID,
    )

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    side_id: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UTCDateTime)


class MindChanged(Base):
    """The reason that a reader with a changed answer named for it."""

    __tablename__ = "minds_changed"
    __table_args__ = (PrimaryKeyConstraint("poll_id", "voter_key"), WITHOUT_ROWID)

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    reason_id: Mapped[int] = mapped_column(ForeignKey("reasons.id"), index=True)


class Report(Base):
    """A reader who reported a reason; `weighs`: had a counted ballot and was the first of its
    network, so that it can hold."""

    __tablename__ = "reports"
    __table_args__ = (PrimaryKeyConstraint("reason_id", "voter_key"), WITHOUT_ROWID)

    reason_id: Mapped[int] = mapped_column(ForeignKey("reasons.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
    code: Mapped[str] = mapped_column(String(20))
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    weighs: Mapped[bool]


class ReturnCode(Base):
    """The hash of the code that lets a reader come back to one question from another device."""

    __tablename__ = "return_codes"
    __table_args__ = (UniqueConstraint("poll_id", "voter_key"),)

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(VOTER_KEY_BYTES))
