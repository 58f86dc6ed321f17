"""When a poll opens and closes, as editors set it: in the newsroom's zone, each act by a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from poll_app.domain.refusals import Refusal
from poll_app.domain.schedule import Ambiguous, LocalTime, distance, local_time, parse_local
from poll_app.domain.sentences import sentence
from poll_app.services.desk.poll_lists import DeskPoll, get_desk_poll
from poll_app.services.desk.poll_times import close_now, move_end, reopen, set_times
from poll_app.web.caching import private
from poll_app.web.desk.guard import person
from poll_app.web.desk.poll_forms import PollForm
from poll_app.web.desk.poll_pages import refused
from poll_app.web.desk.polls import bp, now_at_desk

_DAY_OF = {"opens_at": "opens_day", "closes_at": "closes_day"}


class EndForm(PollForm):
    """When voting ends: never or at a time. `reason` where it opens again."""

    closes = StringField(_l("Voting closes"))
    closes_day = StringField(_l("Day it closes"))
    closes_time = StringField(_l("Time it closes"))
    closes_which = StringField(_l("Which of the two hours"))
    reason = StringField(_l("Reason"))
    refused_side = ""

    def closes_at(self, _now: datetime) -> datetime | None:
        """The end that was typed. Raises Refusal."""
        return self.moment("closes") if self.closes.data == "at" else None

    def moment(self, side: str) -> datetime:
        """The time typed on this side of the form. Raises Refusal with the field of its day."""
        local = LocalTime(
            *(self._fields[f"{side}_{part}"].data or "" for part in ("day", "time", "which"))
        )
        try:
            return parse_local(local, newsroom_zone(), field=f"{side}_day")
        except Ambiguous:
            self.refused_side = side
            raise

    def refuse_unused(self, shown: Mapping[str, str]) -> None:
        """Raises Refusal for a day or a time that was typed and would not be used; `shown`: what
        the form holds at first, which differs where somebody else has saved: that is told first."""
        if self.revision.data != shown["revision"]:
            return
        for name in ("opens_day", "opens_time", "closes_day", "closes_time"):
            typed = self._fields[name].data if name in self else None
            if not typed or typed == shown.get(name) or self.uses(name.partition("_")[0]):
                continue
            raise Refusal(
                sentence(
                    "This would not be used: choose “At this time” above it as well, or empty it."
                ),
                field=name,
            )

    def uses(self, side: str) -> bool:
        """Whether the day and the time on this side are chosen."""
        return bool(self._fields[side].data == "at")

    def refuse(self, refusal: Refusal) -> None:
        """Puts what is said of a moment beside its day."""
        refusal.field = _DAY_OF.get(refusal.field or "", refusal.field)
        super().refuse(refusal)


class TimesForm(EndForm):
    """When voting opens, too."""

    opens = StringField(_l("Voting opens"))
    opens_day = StringField(_l("Day it opens"))
    opens_time = StringField(_l("Time it opens"))
    opens_which = StringField(_l("Which of the two hours"))

    def opens_at(self, now: datetime) -> datetime | None:
        """The opening that was chosen; None for a draft. Raises Refusal."""
        if self.opens.data == "at":
            return self.moment("opens")
        if not self.opens.data:
            raise Refusal(sentence("Choose when it opens."), field="opens")
        return now if self.opens.data == "now" else None

    def uses(self, side: str) -> bool:
        """Whether the day and the time on this side are chosen; what never opens has no end."""
        return super().uses(side) and self.opens.data in {"at", "now"}


def newsroom_zone() -> ZoneInfo:
    """The zone that editors write their times in."""
    return ZoneInfo(current_app.extensions["settings"].time_zone)


@bp.route("/<slug>/times", methods=["GET", "POST"])
def times(slug: str) -> BaseResponse:
    """Opens a draft, now or at a time, and says when it closes."""
    now, found = now_at_desk(), get_desk_poll(slug, now=now_at_desk())
    if request.method == "GET":
        return _page("desk_polls/times.html", TimesForm(formdata=None, data=_offered(found)), found)
    form = TimesForm()
    form.refuse_strange_fields()
    try:
        form.refuse_unused(_offered(found))
        opens_at = form.opens_at(now)
        set_times(
            slug, opens_at=opens_at, closes_at=form.closes_at(now), reason=form.reason.data or "",
            revision=form.seen_revision(), by=person(), now=now,
        )  # fmt: skip
    except Refusal as refusal:
        return refused(_page, "desk_polls/times.html", form, refusal, found, _offered)
    told = _("The times are saved.") if opens_at else _("It is a draft, without times.")
    flash(_("Voting is open.") if opens_at == now else told)
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


@bp.route("/<slug>/end", methods=["GET", "POST"])
def end(slug: str) -> BaseResponse:
    """Moves the end of an open poll."""
    now, found = now_at_desk(), get_desk_poll(slug, now=now_at_desk())
    if request.method == "GET":
        return _page("desk_polls/end.html", EndForm(formdata=None, data=_offered(found)), found)
    form = EndForm()
    form.refuse_strange_fields()
    try:
        form.refuse_unused(_offered(found))
        move_end(
            slug, closes_at=form.closes_at(now), revision=form.seen_revision(), by=person(), now=now
        )
    except Refusal as refusal:
        return refused(_page, "desk_polls/end.html", form, refusal, found, _offered)
    flash(_("The end of voting is saved. Readers see it."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


@bp.route("/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> BaseResponse:
    """Asks once more, then closes an open poll."""
    now, found, form = now_at_desk(), get_desk_poll(slug, now=now_at_desk()), PollForm()
    if request.method == "GET":
        return _page("desk_polls/close.html", form, found)
    form.refuse_strange_fields()
    try:
        close_now(slug, by=person(), now=now)
    except Refusal as refusal:
        return refused(_page, "desk_polls/close.html", form, refusal, found, _offered)
    flash(_("Voting is closed."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


@bp.route("/<slug>/reopen", methods=["GET", "POST"])
def reopening(slug: str) -> BaseResponse:
    """Lets readers vote again; why is told to them."""
    now, found = now_at_desk(), get_desk_poll(slug, now=now_at_desk())
    if request.method == "GET":
        form = EndForm(formdata=None, data={"revision": str(found.revision), "closes": "never"})
        return _page("desk_polls/reopening.html", form, found)
    form = EndForm()
    form.refuse_strange_fields()
    try:
        form.refuse_unused(_offered(found))
        reopen(
            slug, closes_at=form.closes_at(now), reason=form.reason.data or "",
            revision=form.seen_revision(), by=person(), now=now,
        )  # fmt: skip
    except Refusal as refusal:
        return refused(_page, "desk_polls/reopening.html", form, refusal, found, _offered)
    flash(_("Voting is open again. Readers see why."))
    return redirect(url_for("desk_polls.poll", slug=slug), 303)


def _offered(found: DeskPoll) -> dict[str, str]:
    """What the form of a poll shows at first."""
    shown = {
        "revision": str(found.revision),
        "opens": "at" if found.status == "scheduled" else "",
        "closes": "at" if found.closes_at else "never",
    }
    for side, moment in (("opens", found.opens_at), ("closes", found.closes_at)):
        if moment is not None:
            local = local_time(moment, newsroom_zone())
            shown |= {f"{side}_{part}": getattr(local, part) for part in ("day", "time", "which")}
    return shown


def _page(
    template: str, form: PollForm, found: DeskPoll, status: int = 200, **values: object
) -> Response:
    now = now_at_desk()
    page = render_template(
        template,
        form=form,
        poll=found,
        zone=newsroom_zone().key,
        now=now,
        away=lambda moment: distance(moment, now),
        **{"differences": [], **values},
    )
    return private(page, status)
