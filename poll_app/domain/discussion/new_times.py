"""New times of a discussion, as an editor sets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.refusals import Refusal
from poll_app.domain.schedule import FARTHEST
from poll_app.domain.sentences import sentence


def new_rules(was: DiscussionRules, wanted: DiscussionRules, *, now: datetime) -> DiscussionRules:
    """What becomes of `wanted` where `was` stands now: a form shows times to the minute, so one
    that was left alone stays as it is. Raises Refusal for times that can't be."""
    kept = replace(
        wanted,
        opens_at=_kept(was.opens_at, wanted.opens_at),
        closes_at=_kept(was.closes_at, wanted.closes_at),
    )
    _check_new(was.opens_at, kept.opens_at, now, field="opens_at")
    _check_new(was.closes_at, kept.closes_at, now, field="closes_at")
    return kept


def _kept(was: datetime | None, wanted: datetime | None) -> datetime | None:
    if was is None or wanted is None:
        return wanted
    return was if wanted == was.replace(second=0, microsecond=0) else wanted


def _check_new(was: datetime | None, moment: datetime | None, now: datetime, *, field: str) -> None:
    if moment is None or moment == was:
        return
    if moment < now:
        raise Refusal(sentence("This time has passed. Choose “Now”, or a later time."), field=field)
    if moment > now + FARTHEST:
        raise Refusal(sentence("Choose a time within the next ten years."), field=field)
