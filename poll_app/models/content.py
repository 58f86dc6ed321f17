"""What editors write: articles, polls with their options, what came of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from poll_app.database import Base, UTCDateTime
from poll_app.domain.articles import MAX_SLUG_LENGTH, MAX_STANDFIRST_LENGTH, MAX_TITLE_LENGTH
from poll_app.domain.discussion.codes import MODERATIONS
from poll_app.domain.outcomes import MAX_OUTCOME_LENGTH, MAX_SOURCE_LENGTH, MAX_URL_LENGTH
from poll_app.domain.polls import MAX_OPTION_LENGTH, MAX_QUESTION_LENGTH, METHODS, RESULTS_POLICIES
from poll_app.domain.voters import SALT_BYTES
from poll_app.models.columns import one_of


class Article(Base):
    """A published piece that carries polls. `body` is Markdown; `voter_salt`: set where answers to
    its questions may be compared, see `Poll.shared_salt`."""

    __tablename__ = "articles"
    __table_args__ = (one_of("moderation", MODERATIONS),)

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
    voter_salt: Mapped[bytes | None] = mapped_column(LargeBinary(SALT_BYTES))
    discussion_opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    discussion_closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    moderation: Mapped[str] = mapped_column(String(12), default="new_writers")

    # Grows with every edit: no editor overwrites another unseen, and a kept view can be checked.
    __mapper_args__ = {"version_id_col": revision}

    polls: Mapped[list[Poll]] = relationship(
        back_populates="article", order_by="(Poll.place, Poll.id)"
    )


class Poll(Base):
    """One question put to readers. A draft has no opening time; `simulated`: it holds ballots that
    the demo made up, which every page says.

    A change of meaning makes a new poll, with ballots of its own, that takes over the address; the
    earlier wording is closed and points to it by `replaced_by_id`.

    `shared_salt`: the article's salt, taken over before the poll opened; voter keys are then made
    with it, so one reader has one key in all polls that share it. It stays when the poll is moved.
    """

    __tablename__ = "polls"
    __table_args__ = (
        one_of("method", METHODS),
        one_of("results_policy", RESULTS_POLICIES),
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
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("polls.id"), unique=True)
    shared_salt: Mapped[bytes | None] = mapped_column(LargeBinary(SALT_BYTES))

    __mapper_args__ = {"version_id_col": revision}

    article: Mapped[Article | None] = relationship(back_populates="polls")
    options: Mapped[list[Option]] = relationship(
        back_populates="poll",
        order_by="(Option.not_sure, Option.place, Option.id)",
        cascade="all, delete-orphan",
    )
    # Asked for with whatever polls are loaded: the state of each of them depends on it.
    outcome: Mapped[Outcome | None] = relationship(back_populates="poll", lazy="selectin")
    surveys: Mapped[list[Survey]] = relationship(
        order_by="Survey.asked_to", cascade="all, delete-orphan"
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


class Outcome(Base):
    """What an editor recorded as the answer: in words, and as an option where one came true."""

    __tablename__ = "outcomes"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "option_id"], ["options.poll_id", "options.id"]),
    )

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    option_id: Mapped[int | None]
    text: Mapped[str] = mapped_column(String(MAX_OUTCOME_LENGTH))
    happened_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(MAX_SOURCE_LENGTH))
    source_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH), default="")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)

    poll: Mapped[Poll] = relationship(back_populates="outcome")


class Survey(Base):
    """A representative survey on the same question, shown beside the readers' result and never
    mixed with it. `shares`: pairs of an answer as the survey worded it and whole percents."""

    __tablename__ = "surveys"
    __table_args__ = (CheckConstraint("people > 0 AND asked_from <= asked_to", name="facts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), index=True)
    institute: Mapped[str] = mapped_column(String(MAX_SOURCE_LENGTH))
    population: Mapped[str] = mapped_column(String(MAX_SOURCE_LENGTH))
    question: Mapped[str] = mapped_column(String(MAX_OUTCOME_LENGTH))
    people: Mapped[int]
    asked_from: Mapped[date]
    asked_to: Mapped[date]
    shares: Mapped[list[tuple[str, int]]] = mapped_column(JSON)
    url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH), default="")
