"""What came of a question, and the survey beside its result, as editors record them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field, StringField
from wtforms.form import BaseForm

from poll_app.domain.outcomes import (
    MAX_OUTCOME_LENGTH,
    MAX_SOURCE_LENGTH,
    OutcomeFacts,
    SurveyFacts,
    check_people,
    checked_url,
    parse_shares,
)
from poll_app.domain.polls import clean_text
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.schedule import parse_day
from poll_app.domain.sentences import sentence
from poll_app.services.desk.outcomes import add_survey, record_outcome, remove_survey
from poll_app.services.desk.poll_lists import DeskPoll, get_desk_poll
from poll_app.services.poll_stories import story_of
from poll_app.web.caching import private
from poll_app.web.desk.forms import judged
from poll_app.web.desk.guard import person
from poll_app.web.desk.poll_forms import PollForm
from poll_app.web.desk.poll_pages import refused
from poll_app.web.desk.poll_times import newsroom_zone
from poll_app.web.desk.polls import bp, now_at_desk

_NUMBER = re.compile(r"[0-9]{1,9}")

_day = judged(partial(parse_day, field=""))
_url = judged(partial(checked_url, field=""))


def _text(limit: int) -> Callable[[BaseForm, Field], None]:
    return judged(partial(clean_text, limit=limit, field=""))


class OutcomeForm(PollForm):
    """What came true, and who says so."""

    text = StringField(_l("What came true"), [_text(MAX_OUTCOME_LENGTH)])
    option_id = StringField(_l("The option that came true"))
    happened_on = StringField(_l("Day"), [_day])
    source = StringField(_l("Source"), [_text(MAX_SOURCE_LENGTH)])
    source_url = StringField(_l("Link to the source"), [_url])

    def facts(self) -> OutcomeFacts:
        """What was typed. Raises Judged for what can't be."""
        self.judge()
        return OutcomeFacts(
            self.text.data or "",
            parse_day(self.happened_on.data or "", field="happened_on"),
            self.source.data or "",
            self.source_url.data or "",
            _number(self.option_id.data) if self.option_id.data else None,
        )


class SurveyForm(PollForm):
    """A survey somebody else made."""

    institute = StringField(_l("Institute"), [_text(MAX_SOURCE_LENGTH)])
    population = StringField(_l("Who was asked"), [_text(MAX_SOURCE_LENGTH)])
    people = StringField(_l("How many people"), [judged(lambda text: check_people(_number(text)))])
    asked_from = StringField(_l("First day"), [_day])
    asked_to = StringField(_l("Last day"), [_day])
    question = StringField(_l("The question, word for word"), [_text(MAX_OUTCOME_LENGTH)])
    shares = StringField(_l("Answers and their percents"), [judged(parse_shares)])
    url = StringField(_l("Link"), [_url])

    def facts(self) -> SurveyFacts:
        """What was typed. Raises Judged for what can't be."""
        self.judge()
        return SurveyFacts(
            self.institute.data or "",
            self.population.data or "",
            self.question.data or "",
            _number(self.people.data),
            parse_day(self.asked_from.data or "", field="asked_from"),
            parse_day(self.asked_to.data or "", field="asked_to"),
            parse_shares(self.shares.data or ""),
            self.url.data or "",
        )


@bp.route("/<slug>/outcome", methods=["GET", "POST"])
def outcome(slug: str) -> BaseResponse:
    """Records what came true, or changes what was recorded."""
    found = get_desk_poll(slug, now=now_at_desk())
    if request.method == "GET":
        return _page(
            "desk_polls/outcome.html", OutcomeForm(formdata=None, data=_recorded(found)), found
        )
    form = OutcomeForm()
    form.refuse_strange_fields()
    try:
        record_outcome(
            slug, form.facts(), revision=form.seen_revision(), by=person(), now=now_at_desk(),
            today=_today(),
        )  # fmt: skip
    except Refusal as refusal:
        return refused(_page, "desk_polls/outcome.html", form, refusal, found, _recorded)
    flash(_("The outcome is recorded. Readers see it with its source."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


@bp.route("/<slug>/survey", methods=["GET", "POST"])
def survey(slug: str) -> BaseResponse:
    """Puts a survey beside the result."""
    found = get_desk_poll(slug, now=now_at_desk())
    if request.method == "GET":
        return _page(
            "desk_polls/survey.html", SurveyForm(formdata=None, data=_unseen(found)), found
        )
    form = SurveyForm()
    form.refuse_strange_fields()
    try:
        add_survey(
            slug, form.facts(), revision=form.seen_revision(), by=person(), now=now_at_desk(),
            today=_today(),
        )  # fmt: skip
    except Refusal as refusal:
        return refused(_page, "desk_polls/survey.html", form, refusal, found, _unseen)
    flash(_("The survey stands beside the result."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


@bp.route("/<slug>/survey/remove", methods=["GET", "POST"])
def remove(slug: str) -> BaseResponse:
    """Asks once more, then takes a survey away."""
    number = _number(request.values.get("survey"))
    if request.method == "GET":
        found = get_desk_poll(slug, now=now_at_desk())
        survey = next((one for one in story_of(found.view).surveys if one.id == number), None)
        if survey is None:
            raise NotFound(sentence("There is no such survey."))
        return _page("desk_polls/remove_survey.html", PollForm(), found, survey=survey)
    remove_survey(slug, number, by=person(), now=now_at_desk())
    flash(_("The survey no longer stands beside the result."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


def _number(text: str | None) -> int:
    """The number typed; 0, which none of them may be, for what is none."""
    digits = (text or "").strip().replace(",", "")
    return int(digits) if _NUMBER.fullmatch(digits) else 0


def _today() -> date:
    return now_at_desk().astimezone(newsroom_zone()).date()


def _unseen(found: DeskPoll) -> dict[str, str]:
    return {"revision": str(found.revision)}


def _recorded(found: DeskPoll) -> dict[str, str]:
    """What stands there as outcome, as the form shows it."""
    told = story_of(found.view).outcome
    if told is None:
        return _unseen(found)
    chosen = [str(option.id) for option in found.view.options if option.label == told.label]
    return {
        **_unseen(found),
        "text": told.text,
        "option_id": "".join(chosen),
        "happened_on": told.happened_on.isoformat(),
        "source": told.source,
        "source_url": told.source_url,
    }


def _page(
    template: str, form: PollForm, found: DeskPoll, status: int = 200, **values: object
) -> Response:
    named = [(str(o.id), o.label) for o in found.view.options if not o.not_sure]
    page = render_template(
        template,
        form=form,
        poll=found,
        choices=[("", _("None of them, or not that simply")), *named],
        **{"differences": [], **values},
    )
    return private(page, status)
