"""A sheet to write on: what is being written, shown again with what is wrong, or as a preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.discussion.pipeline import Draft
from poll_app.domain.discussion.texts import paragraphs
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.voters import KeyHolder, Voter
from poll_app.services.discussion.reason_views import ReasonView
from poll_app.services.discussion.writing import Written, preview
from poll_app.services.poll_views import PollView
from poll_app.services.voting import find_own_answer
from poll_app.web.caching import private
from poll_app.web.discussion.forms import (
    TextForm,
    draft_of,
    made_for,
    shown_again,
    wants_preview,
)
from poll_app.web.discussion.once import keep_code
from poll_app.web.discussion.slowing import limit_texts

Kind = Literal["reason", "reply", "edit"]
Store = Callable[[Draft, str], Written]


@dataclass(frozen=True)
class Sheet:
    """What is written, and where it is sent to. `subject`: what its form is made for; `parent`: the
    reason that a reply stands below; `fields`: what the form carries besides."""

    kind: Kind
    poll: PollView
    address: str
    subject: str
    parent: ReasonView | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def shown_sheet(
    sheet: Sheet,
    form: TextForm,
    now: datetime,
    *,
    voter: KeyHolder | None = None,
    seen: Draft | None = None,
    wrong: Refusal | None = None,
) -> Response:
    """The page of the sheet; with `seen` the text above it as readers would see it."""
    page = render_template(
        "discussion/write.html",
        sheet=sheet,
        form=form,
        made=made_for(sheet.subject, now),
        seen=seen,
        seen_paragraphs=paragraphs(seen.text) if seen else (),
        own_answer=find_own_answer(sheet.poll, voter),
    )
    return shown_again(page, wrong) if wrong else private(page)


def judged(sheet: Sheet, store: Store, voter: KeyHolder, now: datetime) -> Written | Response:
    """What was stored, or the page that shows the text: as a preview, or with what is wrong."""
    form = TextForm(request.form)
    draft = draft_of(form, sheet.subject, now)
    site: str = current_app.extensions["settings"].site_name
    try:
        if wants_preview():
            seen = preview(draft, site_name=site)
            return shown_sheet(sheet, form, now, voter=voter, seen=seen)
        limit_texts()
        return store(draft, site)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return shown_sheet(sheet, form, now, voter=voter, wrong=refusal)


def taken(sheet: Sheet, store: Store, voter: Voter, now: datetime) -> BaseResponse:
    """Stores the text and leads to what its writer has written here, with a first return code."""
    written = judged(sheet, store, voter, now)
    if isinstance(written, Response):
        return written
    slug = sheet.poll.slug
    anchor = "code" if written.return_code else f"r-{written.id}"  # the code is shown only once
    there = redirect(url_for("writing.mine", slug=slug, _anchor=anchor), 303)
    return keep_code(there, slug, voter, written.return_code)
