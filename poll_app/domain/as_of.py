"""A result as it stood at a moment: which moments can be asked for, and for ever answered alike.

Readers' times are kept as whole hours, so the moment is cut down to the hour: a result as of 12:34
holds what came before 12:00. An hour can be told once it is over and a minute more has passed, in
which ballots that were on their way arrive.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from poll_app.domain.refusals import Malformed, Refusal
from poll_app.domain.sentences import sentence

GRACE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_LAST_SECOND = 60  # RFC 3339 knows leap seconds, Python does not

# RFC 3339, section 5.6; a "+" that was not encoded in an address arrives as a space.
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:\.\d+)?(?:([Zz])|([+\- ])(\d\d:\d\d))", re.ASCII
)


def parse_moment(text: str) -> datetime:
    """The aware time that an RFC 3339 text names, to the second, in UTC. Raises Malformed."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise _unreadable()
    day, minute, second, zulu, sign, offset = found.groups()
    zone = "+00:00" if zulu else f"{sign.replace(' ', '+')}{offset}"
    leap = int(second) == _LAST_SECOND
    try:
        moment = datetime.fromisoformat(f"{day}T{minute}:{'59' if leap else second}{zone}")
        return moment.astimezone(UTC) + timedelta(seconds=leap)
    except (ValueError, OverflowError):
        raise _unreadable() from None


def hour_of(moment: datetime) -> datetime:
    """The full hour, in UTC, at or before this moment."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def check_as_of(moment: datetime, now: datetime) -> datetime:
    """The full hour that `moment` is cut down to. Raises Refusal until it stands for good."""
    hour = hour_of(moment)
    if now < hour + GRACE:
        raise Refusal(
            sentence("The result of that time can be told from %(when)s on.", when=hour + GRACE)
        )
    return hour


def last_full_hour(now: datetime) -> datetime:
    """The newest moment whose result stands for good."""
    return hour_of(now - GRACE)


def first_full_hour(opened_at: datetime) -> datetime:
    """The first moment whose result holds anything: the end of the hour in which voting opened."""
    return hour_of(opened_at) + _HOUR


def _unreadable() -> Malformed:
    return Malformed(
        sentence("This is no time that can be read. Write it like 2026-11-22T12:00:00Z (RFC 3339).")
    )
