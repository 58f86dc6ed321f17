"""What a result is cited by: its figures as of the last full hour, kept while that hour lasts."""

from __future__ import annotations

from datetime import datetime

from poll_app.domain.as_of import first_full_hour, last_full_hour
from poll_app.domain.results import Result
from poll_app.services.kept import Kept
from poll_app.services.poll_views import PollView
from poll_app.services.result_as_of import get_result_as_of

_kept_results: Kept[tuple[PollView, Result]] = Kept()


def find_citable_result(poll: PollView, *, now: datetime, percent_from: int) -> Result | None:
    """The newest result of the poll that stands for good; None within its first hour."""
    hour = last_full_hour(now)
    if poll.opens_at is None or hour < first_full_hour(poll.opens_at):
        return None
    kept = _kept_results.find(poll.id)
    if kept and kept[0].revision == poll.revision and kept[1].as_of == hour:
        return kept[1]
    _, result = get_result_as_of(poll, hour, now=now, percent_from=percent_from)
    return _kept_results.keep(poll.id, (poll, result))[1]
