"""The places where readers came upon a question, and how many ballots were first cast there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from poll_app.database import Base, UTCDateTime
from poll_app.domain.placements import MAX_PLACEMENT_LENGTH


class Placement(Base):
    """A place that editors named: the article, the home page, a newsletter, a partner. A retired
    one is no longer offered; its links go on counting."""

    __tablename__ = "placements"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_PLACEMENT_LENGTH), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PlacementTally(Base):
    """How many counted ballots of a poll were first cast at a place."""

    __tablename__ = "placement_tallies"
    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "placement_id"),
        CheckConstraint("ballots >= 0", name="ballots"),
    )

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    ballots: Mapped[int]
