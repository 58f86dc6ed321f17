"""Addresses: the one asked for, or one made of the words of a text and numbered where taken."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from poll_app.domain.articles import MAX_SLUG_LENGTH, RESERVED_SLUGS, is_slug, propose_slug
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

_ROOM_FOR_NUMBER = 6


def free_slug(
    session: Session,
    column: InstrumentedAttribute[str],
    *,
    wanted: str | None,
    text: str,
    otherwise: str,
) -> str:
    """A slug that `column` does not hold yet: `wanted`, or one made of `text`, or of `otherwise`
    where `text` has no letter from a to z.

    Raises Refusal where `wanted` is no slug or is taken.
    """
    if wanted is not None:
        if not is_slug(wanted):
            raise Refusal(
                sentence(
                    "An address holds a-z, 0-9 and hyphens only, not “%(slug)s”.", slug=wanted
                ),
                field="slug",
            )
        if wanted in RESERVED_SLUGS or session.scalar(select(column).where(column == wanted)):
            raise Refusal(sentence("The address “%(slug)s” is taken.", slug=wanted), field="slug")
        return wanted
    slug = stem = propose_slug(text) or otherwise
    numbered = stem[: MAX_SLUG_LENGTH - _ROOM_FOR_NUMBER].rstrip("-")
    taken = RESERVED_SLUGS | set(session.scalars(select(column).where(column.startswith(numbered))))
    number = 1
    while slug in taken:
        number += 1
        slug = f"{numbered}-{number}"
    return slug
