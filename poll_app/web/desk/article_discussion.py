"""When and how readers discuss an article: set at the desk, in the newsroom's zone."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from poll_app.domain.discussion.codes import MODERATION_WORDS, parse_moderation
from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.domain.schedule import distance, local_time
from poll_app.services.desk.discussion_times import change_discussion
from poll_app.services.discussion.settings import ArticleDiscussion, get_article_discussion
from poll_app.web.caching import private
from poll_app.web.desk.articles import bp
from poll_app.web.desk.guard import person
from poll_app.web.desk.poll_times import TimesForm, newsroom_zone
from poll_app.web.language import say


class DiscussionForm(TimesForm):
    """From when to when readers may write, and when that is read."""

    opens = StringField(_l("The discussion opens"))
    closes = StringField(_l("The discussion closes"))
    moderation = StringField(_l("What readers write"))
    reason = None

    def closes_at(self, now: datetime) -> datetime | None:
        """The end that was chosen, None for none. Raises Refusal."""
        return now if self.closes.data == "now" else super().closes_at(now)

    def rules(self, now: datetime) -> DiscussionRules:
        """What was chosen; without an opening there is no end either. Raises Refusal."""
        opens_at = self.opens_at(now)
        closes_at = None if opens_at is None else self.closes_at(now)
        return DiscussionRules(opens_at, closes_at, parse_moderation(self.moderation.data or ""))


@bp.route("/<slug>/discussion", methods=["GET", "POST"])
def discussion(slug: str) -> BaseResponse:
    """Opens and closes the discussion of an article, and says when texts are read."""
    now, found = datetime.now(UTC), get_article_discussion(slug, now=datetime.now(UTC))
    if request.method == "GET":
        return _page(DiscussionForm(formdata=None, data=_stored(found)), found, now)
    form = DiscussionForm()
    try:
        form.refuse_strange_fields()
        form.refuse_unused(_stored(found))
        revision = form.seen_revision()
        change_discussion(slug, form.rules(now), revision=revision, by=person(), now=now)
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(form, found, refusal, now)
    flash(_("Saved. Readers see it beside the discussion."))
    return redirect(url_for("desk_articles.article", slug=slug, _anchor="discussion"), 303)


def _refused(
    form: DiscussionForm, found: ArticleDiscussion, refusal: Refusal, now: datetime
) -> BaseResponse:
    """The form with what was typed; with the differences where somebody else has saved."""
    form.refuse(refusal)
    if not isinstance(refusal, Outdated):
        return _page(form, found, now, 422)
    stored = _stored(found)
    form.revision.data = stored.pop("revision")
    return _page(form, found, now, 409, form.differences(stored))


def _stored(article: ArticleDiscussion) -> dict[str, str]:
    """What the form of an article shows at first."""
    rules = article.rules
    shown = {
        "revision": str(article.revision),
        "opens": "at" if rules.opens_at else "never",
        "closes": "at" if rules.closes_at else "never",
        "moderation": rules.moderation,
    }
    for side, moment in (("opens", rules.opens_at), ("closes", rules.closes_at)):
        if moment is not None:
            local = local_time(moment, newsroom_zone())
            shown |= {f"{side}_{part}": getattr(local, part) for part in ("day", "time", "which")}
    return shown


def _page(
    form: DiscussionForm,
    article: ArticleDiscussion,
    now: datetime,
    status: int = 200,
    differences: list[dict[str, str]] | None = None,
) -> Response:
    page = render_template(
        "desk_articles/discussion.html",
        form=form,
        article=article,
        modes=[(mode, say(told)) for mode, told in MODERATION_WORDS.items()],
        zone=newsroom_zone().key,
        now=now,
        away=lambda moment: distance(moment, now),
        differences=differences or [],
    )
    return private(page, status)
