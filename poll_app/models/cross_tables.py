"""What was told last of two questions set against each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from poll_app.database import Base, UTCDateTime


class ToldPairs(Base):
    """How many readers gave each pair of answers when that was `counted_at`, the older question
    first; no `pairs` while there are too few to tell of. `hour`: when it was last looked whether
    they can move on; each question then had so many ballots.
    """

    __tablename__ = "told_pairs"
    __table_args__ = (PrimaryKeyConstraint("first_poll_id", "second_poll_id"),)

    first_poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    second_poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    pairs: Mapped[list[tuple[int, int, int]]] = mapped_column(JSON)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hour: Mapped[datetime] = mapped_column(UTCDateTime)
    first_ballots: Mapped[int]
    second_ballots: Mapped[int]
