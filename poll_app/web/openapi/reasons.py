"""What the public JSON holds of a discussion."""

from __future__ import annotations

from typing import get_args

from poll_app.domain.discussion.times import DiscussionStatus
from poll_app.web.openapi.shapes import (
    Schema,
    address,
    count,
    flag,
    moment,
    obj,
    one_of,
    or_null,
    ref,
    several,
    text,
)

_POSITION = several(
    obj("An option", id=count("Its number", 1), label=text("Its words")), "In the editor’s order"
)
_TEXT = {
    "id": count("The number of the text, the same for ever", 1),
    "url": address("Where it can be read; of a reply the reason it stands below"),
    "state": one_of(("published", "removed", "deleted"), "Whether words are there to be read"),
    "by_newsroom": flag("Whether somebody of the newsroom wrote it"),
    "name": text("As the writer chose it; empty for a reader who gave none"),
    "text": text("Plain text; a blank line parts paragraphs"),
    "hour": moment("The full hour in which it was published"),
    "edited_hour": or_null(moment("The full hour of the last change")),
    "position": or_null(
        {**_POSITION, "description": "What the writer answered when writing; null: the newsroom"}
    ),
    "position_now": or_null(
        {
            **_POSITION,
            "description": (
                "Today’s answer if it is another one; empty: withdrawn; null also while the result "
                "is hidden"
            ),
        }
    ),
}

REASONS: dict[str, Schema] = {
    "Reply": obj("A reply to a reason", **_TEXT),
    "Reason": obj(
        "Why a reader answered so",
        **_TEXT,
        fair_points=or_null(
            several(
                obj(
                    "One side",
                    option=count("The option that its readers answered", 1),
                    fair_points=count("How many of them found the reason fair"),
                    seen_by=count("How many of them marked any reason since it was published"),
                ),
                "What the order is made of; null while the result is hidden",
            )
        ),
        minds_changed=or_null(
            count("How many readers named it when they changed their answer; null as above")
        ),
        replies_in_all=count("How many replies it has"),
        replies=several(ref("Reply"), "The first five, oldest first"),
    ),
    "Reasons": obj(
        "A page of reasons",
        poll=obj("The question", slug=text("Its slug"), url=address("Its page")),
        url=address("Where people read them"),
        status=one_of(get_args(DiscussionStatus), "Whether readers can write now"),
        opens_at=or_null(moment("From when on; null: not at all")),
        closes_at=or_null(moment("Until when; null: without end")),
        reasons=several(ref("Reason"), "Newest first"),
        next=or_null(address("The address of the next page; null on the last one")),
    ),
}
