"""What is done to an article with one button: publish, withdraw, delete, arrange its questions."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.services.desk.article_polls import move_poll, place_poll, take_off_poll
from poll_app.services.desk.article_views import get_desk_article
from poll_app.services.desk.articles import delete_article, publish_article, withdraw_article
from poll_app.web.caching import private
from poll_app.web.desk.article_forms import PlaceForm, PublishForm, WithdrawForm, whole_number
from poll_app.web.desk.articles import article_page, bp
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import person
from poll_app.web.language import number


@bp.post("/<slug>/publish")
def publish(slug: str) -> BaseResponse:
    """Makes it public, now or again, and opens its questions where asked to."""
    form = PublishForm()
    try:
        opened = publish_article(
            slug,
            revision=whole_number(form.revision.data, otherwise=0),
            questions=form.questions.data,
            reason=form.reason.data or "",
            by=person(),
            now=_now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        found = get_desk_article(slug, now=_now())
        form.revision.data = found.revision
        return article_page(
            found, publish=form, status=409 if isinstance(refusal, Outdated) else 422
        )
    flash(published_message(opened))
    return redirect(url_for("desk_articles.article", slug=slug), 303)


@bp.route("/<slug>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> BaseResponse:
    """Asks for a reason, then takes it back."""
    found, form = get_desk_article(slug, now=_now()), WithdrawForm()
    if request.method == "POST":
        try:
            withdraw_article(slug, reason=form.reason.data or "", by=person(), now=_now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Withdrawn. Readers now read that this article was withdrawn."))
            return redirect(url_for("desk_articles.article", slug=slug), 303)
    status = 422 if form.errors or form.form_errors else 200
    return private(render_template("desk_articles/withdraw.html", article=found, form=form), status)


@bp.route("/<slug>/delete", methods=["GET", "POST"])
def delete(slug: str) -> BaseResponse:
    """Asks once more, then deletes a draft."""
    found, form = get_desk_article(slug, now=_now()), DeskForm()
    if request.method == "POST":
        try:
            delete_article(slug, by=person(), now=_now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("“%(title)s” is deleted.", title=found.text.title))
            return redirect(url_for("desk_articles.articles"), 303)
    status = 422 if form.form_errors else 200
    return private(render_template("desk_articles/delete.html", article=found, form=form), status)


@bp.post("/<slug>/move")
def move(slug: str) -> BaseResponse:
    """Puts one of its questions a place up or down."""
    up, down = request.form.get("up"), request.form.get("down")
    if not (up or down):
        abort(400)
    move_poll(slug, up or down or "", "up" if up else "down", by=person(), now=_now())
    flash(_("The questions stand in a new order."))
    return redirect(url_for("desk_articles.article", slug=slug, _anchor="order"), 303)


@bp.post("/<slug>/place")
def place(slug: str) -> BaseResponse:
    """Puts an existing question at its end."""
    form = PlaceForm()
    try:
        question = place_poll(slug, form.poll.data or "", by=person(), now=_now())
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return article_page(get_desk_article(slug, now=_now()), place=form, status=422)
    flash(_("“%(question)s” now stands on this article.", question=question))
    return redirect(url_for("desk_articles.article", slug=slug, _anchor="order"), 303)


@bp.post("/<slug>/take-off")
def take_off(slug: str) -> BaseResponse:
    """Takes one of its questions off; it stays at its own address."""
    question = take_off_poll(slug, request.form.get("poll", ""), by=person(), now=_now())
    flash(_("“%(question)s” no longer stands on this article.", question=question))
    return redirect(url_for("desk_articles.article", slug=slug, _anchor="order"), 303)


def published_message(opened: int) -> str:
    """What to say after publishing."""
    if not opened:
        return str(_("Published. Readers see it now."))
    return str(
        ngettext(
            "Published, and %(count)s question is open.",
            "Published, and %(count)s questions are open.",
            opened,
            count=number(opened),
        )
    )


def _now() -> datetime:
    return datetime.now(UTC)
