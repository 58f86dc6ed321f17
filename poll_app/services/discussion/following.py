"""Marks follow the ballot: a reader counts on the side of the answer held now, without one nowhere.

However many marks there are, they move in the same few statements: other writers of the discussion
wait meanwhile, and in SQLite every ballot does.
"""

from __future__ import annotations

from sqlalchemy import delete, literal, or_, select, tuple_, update
from sqlalchemy.orm import Session

from poll_app.database import db, insert_into, writing
from poll_app.models import FairCount, FairPoint, Marker, MindChanged
from poll_app.services.discussion.stored import locked_discussion, positions_of, raise_version

_ROWS_ALONE = {"synchronize_session": False}  # no object in memory has to follow


def follow_ballot(poll_id: int, key: bytes) -> None:
    """What this reader marked counts as the ballot stands now, also in a closed discussion; of a
    withdrawn one, nothing is left. A reader who has marked nothing costs one look."""
    marked, named = (
        select(table.poll_id).where(table.poll_id == poll_id, table.voter_key == key).exists()
        for table in (Marker, MindChanged)
    )
    if not db.session.scalar(select(or_(marked, named))):
        return
    with writing() as session:
        poll = locked_discussion(session, poll_id)
        in_order = [option.id for option in poll.options]
        held = positions_of(session, poll_id, in_order, [key]).get(key)
        marker = session.get(Marker, (poll_id, key))
        if held is None or (marker and marker.side_id != held[0]):
            move_marks(session, poll_id, key, held[0] if held else None)


def move_marks(session: Session, poll_id: int, key: bytes, side_id: int | None) -> None:
    """All that this reader marked counts for this side; without one it is taken back."""
    mine = {"poll_id": poll_id, "voter_key": key}
    moving = select(FairPoint.reason_id).filter_by(**mine).where(FairPoint.side_id != side_id)
    counted = tuple_(FairCount.reason_id, FairCount.side_id)
    session.execute(
        update(FairCount)
        .where(counted.in_(moving.add_columns(FairPoint.side_id)))
        .values(readers=FairCount.readers - 1),
        execution_options=_ROWS_ALONE,
    )
    if side_id is None:
        for table in (FairPoint, Marker, MindChanged):
            session.execute(delete(table).filter_by(**mine), execution_options=_ROWS_ALONE)
    else:
        raised = insert_into(FairCount, session.get_bind().dialect).from_select(
            ["reason_id", "side_id", "readers"], moving.add_columns(literal(side_id), literal(1))
        )
        session.execute(
            raised.on_conflict_do_update(
                index_elements=["reason_id", "side_id"], set_={"readers": FairCount.readers + 1}
            )
        )
        for table in (FairPoint, Marker):
            session.execute(
                update(table).filter_by(**mine).values(side_id=side_id),
                execution_options=_ROWS_ALONE,
            )
    raise_version(session, poll_id)
