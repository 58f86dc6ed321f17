"""Two questions of an article set against each other, as its page of results and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

from poll_app.domain.cross_tables import MIN_READERS, Answers, CrossTable
from poll_app.domain.sentences import Sentence, sentence
from poll_app.services.articles import ArticleView, get_article
from poll_app.services.cross_tables import Compared, compare
from poll_app.services.poll_views import PollView
from poll_app.web.caching import etag_of, shared
from poll_app.web.language import iso, say
from poll_app.web.openapi.operations import described
from poll_app.web.openapi.shapes import count, moment, obj, or_null, several, text

bp = Blueprint("cross_tables", __name__, url_prefix="/api/v1")

NO_CAUSE = sentence(
    "It tells how readers who answered both questions answered them. It does not tell why: an "
    "answer to one need not have led to the answer to the other."
)
_WHY_NOT: dict[str | None, Sentence] = {
    "same": sentence("Choose two different questions."),
    "unknown": sentence("Choose two questions of this article that have opened."),
    "apart": sentence("Answers to these two questions are kept apart and can’t be compared."),
    "several": sentence("A question with several answers can’t be compared with another one."),
    "hidden": sentence("One of the two results is not shown yet, so they can’t be compared yet."),
    "few": sentence(
        "Too few readers answered both: every answer of the table, or those of few readers "
        "together, needs %(least)s of them.",
        least=MIN_READERS,
    ),
}
_ANSWERS = obj(
    "Readers who gave one of these answers",
    options=several(count("The number of an option", 1), "Several where each has few readers"),
    readers=count("How many, of those who answered both", MIN_READERS),
)
_SHAPE = obj(
    "Two questions of an article set against each other",
    rows_poll=or_null(text("The question whose answers are the rows")),
    columns_poll=or_null(text("The question whose answers are the columns")),
    counted_at=or_null(moment("When it was counted; it moves in steps of ten readers or more")),
    readers=or_null(count("Who answered both", 2 * MIN_READERS)),
    columns=or_null(several(_ANSWERS, "The answers to the second question")),
    rows=or_null(
        several(
            obj(
                "Those who answered the first question so",
                answers=_ANSWERS,
                percent_labels=several(text("As shown, such as “<1%”"), "Their share per column"),
            ),
            "The answers to the first question",
        )
    ),
    sentence=text("What it tells and what not; without a table, why there is none"),
)


def init_app(app: Flask) -> None:
    """What templates ask of a comparison."""
    app.jinja_env.globals.update(comparison_sentence=sentence_of, compared_labels=labels_of)
    app.register_blueprint(bp)


@bp.get("/articles/<slug>/comparison")
@described(_SHAPE, query=("rows", "columns"), answers=(410,))
def comparison(slug: str) -> Response:
    """Two questions of an article set against each other: rows in shares of the columns.

    Only where the editors chose so before its first question opened; with at least 50 readers in
    every row and column.
    """
    found = asked_comparison(get_article(slug, now=datetime.now(UTC)))
    told = to_json(found)
    return shared(jsonify(told), etag_of("comparison", told))


def asked_comparison(article: ArticleView) -> Compared:
    """What the address asks to set against each other."""
    rows, columns = request.args.get("rows", ""), request.args.get("columns", "")
    return compare(article.polls, rows, columns, now=datetime.now(UTC))


def sentence_of(found: Compared) -> Sentence:
    """What stands beside the table; without one, why there is none."""
    return NO_CAUSE if found.table else _WHY_NOT[found.obstacle]


def labels_of(poll: PollView, answers: Answers) -> list[str]:
    """The options that a row or a column stands for."""
    labels = {option.id: option.label for option in poll.options}
    return [labels[option_id] for option_id in answers.option_ids]


def to_json(found: Compared) -> dict[str, Any]:
    """The table; null without one, and why."""
    table = found.table
    return {
        "rows_poll": found.rows.slug if found.rows else None,
        "columns_poll": found.columns.slug if found.columns else None,
        "counted_at": iso(found.counted_at) if table and found.counted_at else None,
        "readers": table.readers if table else None,
        "columns": [_answers(column) for column in table.columns] if table else None,
        "rows": _rows(table) if table else None,
        "sentence": say(sentence_of(found)),
    }


def _rows(table: CrossTable) -> list[dict[str, Any]]:
    return [
        {"answers": _answers(row.answers), "percent_labels": list(row.shares)} for row in table.rows
    ]


def _answers(answers: Answers) -> dict[str, Any]:
    return {"options": list(answers.option_ids), "readers": answers.readers}
