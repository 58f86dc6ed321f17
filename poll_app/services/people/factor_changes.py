"""What every change of how somebody signs in brings with it: the person's other sessions end, and
the record tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from poll_app.services.people.sign_ins import SignedIn, end_sign_ins
from poll_app.services.record import record

_NOTHING: Mapping[str, object] = {}


def factor_changed(
    session: Session,
    by: SignedIn,
    now: datetime,
    *,
    before: Mapping[str, object] = _NOTHING,
    after: Mapping[str, object] = _NOTHING,
) -> None:
    """Ends the other sessions and writes the line, in the transaction that makes the change."""
    end_sign_ins(session, by.person.id, keep=by.id)
    record(
        session, "account.factor", by=by.person, now=now, on=by.person.name,
        before=before, after=after,
    )  # fmt: skip
