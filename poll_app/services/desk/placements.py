"""What editors do with placements: add, rename, retire and bring back. Each act is recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.placements import clean_placement
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Placement
from poll_app.services.record import record


def add_placement(name: str, *, by: Person, now: datetime) -> str:
    """Names a place; returns its name. Raises Refusal for a name that is taken or can't be."""
    with writing() as session:
        clean = clean_placement(name)
        _refuse_taken(session, clean)
        session.add(Placement(name=clean, created_at=now))
        record(session, "placement.added", by=by, now=now, on=clean, after={"name": clean})
        return clean


def rename_placement(placement_id: int, name: str, *, by: Person, now: datetime) -> None:
    """Gives a place another name; its links and ballots stay. Raises NotFound, Refusal."""
    with writing() as session:
        placement = _locked(session, placement_id)
        clean, old = clean_placement(name), placement.name
        if clean == old:
            return
        _refuse_taken(session, clean, but=placement_id)
        placement.name = clean
        record(
            session, "placement.renamed", by=by, now=now, on=clean,
            before={"name": old}, after={"name": clean},
        )  # fmt: skip


def retire_placement(placement_id: int, *, by: Person, now: datetime) -> None:
    """Offers a place no longer; links that are out there go on counting. Raises NotFound."""
    with writing() as session:
        placement = _locked(session, placement_id)
        if placement.retired_at is None:
            placement.retired_at = now
            record(session, "placement.retired", by=by, now=now, on=placement.name)


def restore_placement(placement_id: int, *, by: Person, now: datetime) -> None:
    """Offers it again. Raises NotFound."""
    with writing() as session:
        placement = _locked(session, placement_id)
        if placement.retired_at is not None:
            placement.retired_at = None
            record(session, "placement.restored", by=by, now=now, on=placement.name)


def _locked(session: Session, placement_id: int) -> Placement:
    placement = session.scalar(
        select(Placement).where(Placement.id == placement_id).with_for_update()
    )
    if placement is None:
        raise NotFound(sentence("There is no such place."))
    return placement


def _refuse_taken(session: Session, name: str, *, but: int | None = None) -> None:
    """Names that differ in capitals alone would be taken for each other."""
    same = select(Placement.id).where(func.lower(Placement.name) == name.lower())
    if session.scalar(same.where(Placement.id != (but or 0)).limit(1)) is not None:
        raise Refusal(sentence("There is a place of this name already."), field="name")
