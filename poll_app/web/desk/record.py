"""The record at the desk: every act, who did it, when, what stood there before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, render_template, request

from poll_app.domain.record import ACTS
from poll_app.services.record_pages import (
    COMMAND_LINE_ID,
    Wanted,
    iterate_acts,
    list_acts,
    list_authors,
)
from poll_app.web.caching import private
from poll_app.web.desk.guard import desk_blueprint
from poll_app.web.language import iso
from poll_app.web.record_words import act_in_words, asked_number, changes_in_words
from poll_app.web.spreadsheets import streamed_csv

bp = desk_blueprint("record", __name__, path="", right="edit")

_MAX_WORDS = 100


@bp.get("/log")
def log() -> Response:
    """A page of the record, narrowed down by person, kind and words."""
    wanted, before = _wanted(), asked_number("before")
    chosen = {name: text for name in _FILTERS if (text := _text(name))}
    return private(
        render_template(
            "record/log.html",
            page=list_acts(wanted, before=before),
            before=before,
            chosen=chosen,
            authors=list_authors(),
            command_line=COMMAND_LINE_ID,
            acts=ACTS,
            words=act_in_words,
            changes=changes_in_words,
        )
    )


@bp.get("/log.csv")
def log_csv() -> Response:
    """The lines that are asked for, all of them, as a table."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return streamed_csv(_table(_wanted()), f"record-{day}.csv")


_FILTERS = ("person", "kind", "q", "article", "poll")


def _wanted() -> Wanted:
    person = request.args.get("person", "")
    return Wanted(
        person=COMMAND_LINE_ID if person == str(COMMAND_LINE_ID) else _number("person"),
        kind=_text("kind"),
        subject=_text("q"),
        article_id=_number("article"),
        poll_id=_number("poll"),
    )


def _text(name: str) -> str:
    """A text of the query; of signs that no title holds nothing is left."""
    return "".join(filter(str.isprintable, request.args.get(name, "")[:_MAX_WORDS]))


def _number(name: str) -> int | None:
    """A number of the query; a form sends nothing as an empty text."""
    return asked_number(name) if request.args.get(name) else None


def _table(wanted: Wanted) -> Iterator[list[object]]:
    yield ["number", "time", "who", "act", "what", "subject", "before", "after", "reason", "public",
           "email"]  # fmt: skip
    for act in iterate_acts(wanted):
        yield [
            act.id, iso(act.at), act.who, act.act, act_in_words(act.act), act.subject,
            json.dumps(act.before, ensure_ascii=False), json.dumps(act.after, ensure_ascii=False),
            act.reason, "yes" if act.public else "no", act.email,
        ]  # fmt: skip
