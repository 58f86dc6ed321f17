"""Where a refusal or a fault becomes a page or, under /api/, problem+json (RFC 9457)."""

from __future__ import annotations

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.refusals import (
    Busy,
    Malformed,
    Moved,
    NotFound,
    NotOpen,
    Outdated,
    Refusal,
    TooMany,
)
from poll_app.services.articles import Withdrawn
from poll_app.web.language import say
from poll_app.web.problems import PROBLEM, problem

RETRY_S = 5
COME_BACK_S = 3_600  # after as much as a reader may do in an hour

_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (Withdrawn, 410),
    (NotFound, 404),
    (NotOpen, 409),
    (Outdated, 409),
    (Malformed, 400),
    (TooMany, 429),
    (Busy, 503),
    (Refusal, 422),
)


def init_app(app: Flask) -> None:
    """Answers every refusal and every fault."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_away)
    app.register_error_handler(NoConnection, _database_away)
    app.register_error_handler(Exception, _fault)


def _refused(refusal: Refusal) -> BaseResponse:
    if isinstance(refusal, Moved) and request.endpoint:
        moved = {**(request.view_args or {}), "slug": refusal.slug}
        asked = request.query_string.decode("ascii", "ignore")  # it still asks for the same
        return redirect(url_for(request.endpoint, **moved) + (f"?{asked}" if asked else ""), 308)
    status = next(status for kind, status in _STATUS if isinstance(refusal, kind))
    return _answer(status, say(refusal.sentence))


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:  # an answer that the gate or a limit has already made
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()  # type: ignore[return-value]
    answer = _answer(status, _explained(status))
    if status == 405:
        answer.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return answer


def _database_away(error: DBAPIError | NoConnection) -> Response:
    current_app.logger.error(
        "the database is away: %s", type(getattr(error, "orig", error)).__name__
    )
    return _answer(503, _explained(503))


def _fault(error: Exception) -> Response:
    current_app.logger.error("a fault in %s", request.endpoint, exc_info=error)
    return _answer(500, _explained(500))


def _explained(status: int) -> str:
    sentences: dict[int, str] = {
        400: _("This request is damaged and was not understood."),
        403: _("This form was sent from another site. Open the question here and send it again."),
        404: _("There is no such page."),
        405: _("This page can’t be used in that way."),
        413: _("That is more than this page takes."),
        414: _("That address is too long."),
        415: _("This page takes the data of its own form only."),
        500: _("Something went wrong on our side. Nothing was changed."),
        503: _("The service can’t answer at this moment. Nothing was changed; try again shortly."),
    }
    return sentences.get(status) or str(_("This request can’t be answered."))


def _heading(status: int) -> str:
    headings: dict[int, str] = {
        403: _("Not accepted"),
        404: _("Page not found"),
        409: _("Voting is not open"),
        410: _("No longer here"),
        500: _("Something went wrong"),
        503: _("Please try again shortly"),
    }
    return headings.get(status) or str(_("This did not work"))


def _answer(status: int, text: str) -> Response:
    heading = _heading(status)
    if request.path.startswith("/api/"):
        answer = Response(problem(heading, status, text), status, mimetype=PROBLEM)
    elif request_ctx.url_adapter is None:  # for a host that is not ours no address, so no page
        answer = Response(f"{text}\n", status, mimetype="text/plain")
    else:
        page = render_template("errors/error.html", status=status, heading=heading, text=text)
        answer = Response(page, status, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_S)
    if status == 429:
        answer.headers["Retry-After"] = str(COME_BACK_S)
    return answer
