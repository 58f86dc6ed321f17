"""Importing an article: what was found is shown before anything is stored.

Nothing is kept between the two steps: the page carries what was found and what was typed.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.article_text import clean_body
from poll_app.domain.importing import ImportedArticle, read_article
from poll_app.domain.importing.prompts import find_prompt
from poll_app.domain.importing.questions import JA_NEIN
from poll_app.domain.refusals import Refusal
from poll_app.services.desk.imports import QuestionRefused, StoredArticle, store_checked
from poll_app.web.caching import private
from poll_app.web.desk.article_acts import published_message
from poll_app.web.desk.article_forms import language_choices
from poll_app.web.desk.articles import bp
from poll_app.web.desk.guard import person
from poll_app.web.desk.import_forms import (
    MAX_ROWS,
    FoundForm,
    ImportForm,
    QuestionForm,
    rows_sent,
)
from poll_app.web.language import number
from poll_app.web.markdown import render_markdown

__all__ = ["bp"]  # whoever registers it from here gets every page of the articles


@bp.route("/import", methods=["GET", "POST"])
def import_article() -> BaseResponse:
    """Takes an article in, shows what was found, and stores what the editor makes of it."""
    step = request.form.get("step", "")
    if step in {"check", "save", "publish"}:
        return _take(step)
    form = ImportForm()
    if request.method == "POST":
        try:
            data, name = form.content()
            imported = read_article(data, filename=name)
            clean_body(imported.body)
            return _found(imported)
        except Refusal as refusal:
            form.refuse(refusal)
    status = 422 if form.errors else 200
    return private(render_template("desk_articles/import_article.html", form=form), status)


@bp.errorhandler(RequestEntityTooLarge)
def too_long(_error: RequestEntityTooLarge) -> Response:
    """Says how much an article may be; the browser still has what was sent."""
    return private(render_template("desk_articles/too_long.html"), 413)


def _found(imported: ImportedArticle) -> Response:
    german = any(poll.options == JA_NEIN for poll in imported.polls)
    form = FoundForm(
        formdata=None,
        data={
            "title": imported.title,
            "body": imported.body,
            "discussion_prompt": find_prompt(imported.blocks),
            "language": "de" if german else "",
        },
    )
    rows = [
        QuestionForm(n, language=form.language.data, proposed=poll, sent=False)
        for n, poll in enumerate(imported.polls, 1)
    ]
    return _page(form, rows, title_is_guess=imported.title_is_guess)


def _take(step: str) -> BaseResponse:
    form = FoundForm()
    rows = rows_sent(form.language.data or "")
    # The last row is for a question of one's own and has no box to take it.
    taken = [row for row in rows if row.take.data or (row is rows[-1] and not row.is_blank)]
    valid = all([form.validate(), *[row.validate() for row in taken]])
    if step == "check" or not valid:
        return _page(form, rows, 200 if valid else 422)
    try:
        stored = store_checked(
            form.text(),
            [(row.number, row.new_poll()) for row in taken],
            publish=step == "publish",
            reason=form.reason.data or "",
            by=person(),
            now=datetime.now(UTC),
        )
    except QuestionRefused as refusal:
        next(row for row in rows if row.number == refusal.number).refuse(refusal)
    except Refusal as refusal:
        form.refuse(refusal)
    else:
        flash(_done(stored, published=step == "publish"))
        return redirect(url_for("desk_articles.article", slug=stored.slug), 303)
    return _page(form, rows, 422)


def _page(
    form: FoundForm, rows: list[QuestionForm], status: int = 200, *, title_is_guess: bool = False
) -> Response:
    """The last row is always one for a question of one's own; once it is used another follows."""
    own = rows[-1] if rows else None
    if len(rows) < MAX_ROWS and not (own and own.is_blank):
        number_ = own.number + 1 if own else 1
        rows = [*rows, QuestionForm(number_, language=form.language.data or "", sent=False)]
        if own:
            own.take.data = True
    page = render_template(
        "desk_articles/found.html",
        form=form,
        rows=rows,
        title_is_guess=title_is_guess,
        body=render_markdown(form.body.data or ""),
        languages=language_choices(form.language.data),
    )
    return private(page, status)


def _done(stored: StoredArticle, *, published: bool) -> str:
    if not published:
        return str(_("Saved as drafts. Readers don’t see them yet."))
    said = published_message(stored.opened)
    waiting = len(stored.polls) - stored.opened
    if waiting:
        said += " " + ngettext(
            "%(count)s question waits for its options.",
            "%(count)s questions wait for their options.",
            waiting,
            count=number(waiting),
        )
    return said
