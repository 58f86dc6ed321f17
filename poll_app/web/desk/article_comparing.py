"""Whether answers to the questions of an article may be compared."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.refusals import NotFound, Refusal
from poll_app.services.desk.article_comparing import let_compare
from poll_app.services.desk.article_views import get_desk_article
from poll_app.web.desk.article_forms import CompareForm
from poll_app.web.desk.articles import article_page, bp
from poll_app.web.desk.guard import person


@bp.post("/<slug>/compare")
def compare(slug: str) -> BaseResponse:
    """Lets answers be compared, or keeps them apart."""
    form, now = CompareForm(), datetime.now(UTC)
    try:
        let_compare(slug, compared=form.compared.data, by=person(), now=now)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return article_page(get_desk_article(slug, now=now), comparing=form, status=422)
    flash(_("Answers may be compared.") if form.compared.data else _("Answers are kept apart."))
    return redirect(url_for("desk_articles.article", slug=slug, _anchor="comparing"), 303)
