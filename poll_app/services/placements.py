"""Placements: the places that editors name, and where the ballots of a poll were first cast."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, scoped_session

from poll_app.database import db
from poll_app.domain.placements import Places, places_told
from poll_app.models import Placement, PlacementTally, Turnout


@dataclass(frozen=True)
class PlacementView:
    """A place as the desk sees it; a retired one is no longer offered, but its links count."""

    id: int
    name: str
    retired: bool
    since: datetime


# No placement is ever deleted, so one that was there is there.
_kept: MutableMapping[Engine, set[int]] = WeakKeyDictionary()


def exists(placement_id: int) -> bool:
    """Whether there is such a place; asked of the database once."""
    known = _kept.setdefault(db.engine, set())
    if placement_id not in known:
        known.update(db.session.scalars(select(Placement.id).where(Placement.id == placement_id)))
    return placement_id in known


def list_placements(*, retired: bool = False) -> list[PlacementView]:
    """The places by name; retired ones (last) only when asked for."""
    found = db.session.scalars(
        select(Placement).order_by(Placement.retired_at.is_not(None), func.lower(Placement.name))
    )
    views = [
        PlacementView(one.id, one.name, one.retired_at is not None, one.created_at) for one in found
    ]
    return [view for view in views if retired or not view.retired]


def count_places(session: Session | scoped_session[Any], poll_id: int) -> Places | None:
    """Where the ballots of a poll were first cast, as far as that may be told."""
    rows = session.execute(
        select(Placement.name, PlacementTally.ballots)
        .join(Placement, Placement.id == PlacementTally.placement_id)
        .where(PlacementTally.poll_id == poll_id)
    )
    ballots = session.scalar(select(Turnout.ballots).where(Turnout.poll_id == poll_id))
    return places_told({row.name: row.ballots for row in rows}, ballots or 0)


def get_places(poll_id: int) -> Places | None:
    """The same for the desk."""
    return count_places(db.session, poll_id)
