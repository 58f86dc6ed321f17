"""Articles at the desk: the list, one of them, writing and editing, what readers will see."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.articles import ARTICLE_STATES
from poll_app.domain.discussion.codes import MODERATION_WORDS
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.services.desk.article_views import (
    DeskArticle,
    as_readers_will,
    get_desk_article,
    list_articles,
    list_loose_polls,
)
from poll_app.services.desk.articles import add_article, save_article
from poll_app.services.discussion.settings import get_article_discussion
from poll_app.web.caching import private
from poll_app.web.cards import preview_card
from poll_app.web.desk.article_forms import (
    ArticleForm,
    CompareForm,
    PlaceForm,
    PublishForm,
    language_choices,
    whole_number,
)
from poll_app.web.desk.guard import desk_blueprint, person
from poll_app.web.language import speak
from poll_app.web.markdown import render_markdown

bp = desk_blueprint(
    "desk_articles",
    __name__,
    path="/articles",
    right="edit",
    long_posts=frozenset({"new", "edit", "import_article"}),
)

_MAX_PAGE = 10_000


@bp.get("")
def articles() -> Response:
    """Every article, narrowed down by a search and by state."""
    search, state = request.args.get("q", ""), request.args.get("state", "")
    page = whole_number(request.args.get("page"), otherwise=1)
    found = list_articles(
        search=search,
        state=state if state in ARTICLE_STATES else "",
        page=min(max(page, 1), _MAX_PAGE),
        now=_now(),
    )
    return private(
        render_template("desk_articles/articles.html", found=found, search=search, state=state)
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> BaseResponse:
    """A new article, written by hand."""
    form = ArticleForm()
    if request.method == "POST":
        if form.validate():
            try:
                wanted = (form.slug.data or "").strip() or None
                slug = add_article(form.text(), slug=wanted, by=person(), now=_now())
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                flash(_("Saved as a draft. Readers don’t see it yet."))
                return redirect(url_for("desk_articles.article", slug=slug), 303)
        return _writing("desk_articles/new.html", form, 422)
    return _writing("desk_articles/new.html", form)


@bp.get("/<slug>")
def article(slug: str) -> Response:
    """One article: its state, its questions, what can be done with it."""
    return article_page(get_desk_article(slug, now=_now()))


@bp.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> BaseResponse:
    """The text of an article."""
    found = get_desk_article(slug, now=_now())
    if request.method == "POST":
        return _save(slug, found, ArticleForm())
    form = ArticleForm(data={"slug": slug, "revision": found.revision, **asdict(found.text)})
    return _writing("desk_articles/edit.html", form, article=found)


@bp.get("/<slug>/preview")
def preview(slug: str) -> Response:
    """The page as readers will see it; its forms send nothing."""
    found = as_readers_will(get_desk_article(slug, now=_now()), now=_now())
    speak(found.language, current_app.extensions["languages"])
    page = render_template(
        "desk_articles/preview.html",
        article=found,
        body=render_markdown(found.body),
        cards=[preview_card(poll) for poll in found.polls],
    )
    return private(page)


def article_page(
    found: DeskArticle,
    *,
    publish: PublishForm | None = None,
    place: PlaceForm | None = None,
    comparing: CompareForm | None = None,
    status: int = 200,
) -> Response:
    """The page of one article, after a refusal with the form that was refused."""
    offered = PublishForm(formdata=None, data={"revision": found.revision, "questions": True})
    page = render_template(
        "desk_articles/article.html",
        article=found,
        discussion=get_article_discussion(found.slug, now=_now()),
        modes=MODERATION_WORDS,
        publish=publish or offered,
        place=place or PlaceForm(formdata=None),
        comparing=comparing or CompareForm(formdata=None, data={"compared": found.compared}),
        loose=[(poll.slug, poll.question) for poll in list_loose_polls(now=_now())],
    )
    return private(page, status)


def _save(slug: str, found: DeskArticle, form: ArticleForm) -> BaseResponse:
    differences, status = [], 422
    if form.validate():
        try:
            slug = save_article(
                slug,
                form.text(),
                new_slug=(form.slug.data or "").strip() or None,
                revision=whole_number(form.revision.data, otherwise=0),
                by=person(),
                now=_now(),
            )
        except NotFound:
            raise
        except Outdated as refusal:
            status, found = 409, get_desk_article(slug, now=_now())
            differences = form.differences(found.text)
            form.revision.data = found.revision
            form.refuse(refusal)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."))
            view = "preview" if "preview" in request.form else "article"
            return redirect(url_for(f"desk_articles.{view}", slug=slug), 303)
    return _writing("desk_articles/edit.html", form, status, article=found, differences=differences)


def _writing(template: str, form: ArticleForm, status: int = 200, **values: object) -> Response:
    languages = language_choices(form.language.data)
    page = render_template(
        template, form=form, languages=languages, **{"differences": [], **values}
    )
    return private(page, status)


def _now() -> datetime:
    return datetime.now(UTC)
