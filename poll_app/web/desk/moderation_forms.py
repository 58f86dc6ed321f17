"""The forms of moderators, and which part of the queue they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from poll_app.domain.articles import is_slug
from poll_app.domain.discussion.codes import REJECTIONS
from poll_app.domain.discussion.rules import Decision, parse_decision
from poll_app.domain.refusals import Malformed, Refusal
from poll_app.domain.sentences import sentence
from poll_app.services.discussion.queue_filters import SHOWN, Filters, Show
from poll_app.web.desk.article_forms import whole_number
from poll_app.web.desk.forms import printable
from poll_app.web.desk.poll_forms import PollForm, RowsField
from poll_app.web.language import say

_MAX_WORDS = 100
_MAX_PAGE = 10_000
MAX_ID = 2_147_483_647
SHOWN_WORDS: Mapping[Show, object] = {
    "waiting": _l("To decide"),
    "held": _l("Held"),
    "reported": _l("Reported"),
    "published": _l("Published"),
    "rejected": _l("Rejected"),
    "removed": _l("Removed"),
}


@dataclass(frozen=True)
class Asked:
    """The part of the queue somebody looks at."""

    show: Show = "waiting"
    article: str = ""
    poll: str = ""
    why: str = ""
    q: str = ""
    page: int = 1

    @property
    def filters(self) -> Filters:
        """The same for the service."""
        return Filters(
            show=self.show, code=self.why, poll_slug=self.poll, article_slug=self.article,
            words=self.q,
        )  # fmt: skip

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.article or self.poll or self.why or self.q)

    def at(self, **changes: object) -> dict[str, Any]:
        """What an address holds for it; nothing where it is the usual."""
        facts = {**vars(self), **changes}
        usual = vars(Asked())
        return {name: value for name, value in facts.items() if value != usual.get(name)}


def asked_of(values: Mapping[str, str]) -> Asked:
    """The part of the queue that an address or a form asks for; what can't be is left out."""
    show: Show = next((one for one in SHOWN if one == values.get("show")), "waiting")
    article, poll, why = (values.get(name, "") for name in ("article", "poll", "why"))
    return Asked(
        show=show,
        article=article if is_slug(article) else "",
        poll=poll if is_slug(poll) else "",
        why=why if why in REJECTIONS else "",
        q=" ".join(printable(values.get("q", ""))[:_MAX_WORDS].split()),
        page=min(max(whole_number(values.get("page"), otherwise=1), 1), _MAX_PAGE),
    )


class QueueForm(PollForm):
    """A form that leads back to its part of the queue; `then`: the text to look at next."""

    show = StringField()
    article = StringField()
    poll = StringField()
    why = StringField()
    q = StringField()
    page = StringField()
    then = StringField()

    def asked(self) -> Asked:
        """Where it came from."""
        return asked_of({name: self._fields[name].data or "" for name in vars(Asked())})

    def next_id(self) -> int:
        """The text to look at next, 0 for none."""
        return whole_number(self.then.data, otherwise=0)


class DecisionForm(QueueForm):
    """What shall become of a text; `code`: why it is not published, which its writer sees."""

    decision = StringField(_l("Decision"))
    code = StringField(_l("Why it is not published"))

    def decided(self) -> Decision:
        """Raises Refusal for what is no decision, and for a reason that it would not use."""
        decision = parse_decision(self.decision.data or "")
        if decision != "reject" and self.code.data:
            raise Refusal(
                sentence(
                    "A reason is chosen, which only rejecting or removing uses. Choose “–” there, "
                    "or press that button."
                ),
                field="code",
            )
        return decision


class SeveralForm(DecisionForm):
    """The same for several texts, each by its number and the revision that was looked at."""

    chosen = RowsField(_l("Texts"))
    confirmed = StringField()

    def revisions(self) -> dict[int, int]:
        """Raises Refusal where nothing is ticked, Malformed for what no page of ours sends."""
        pairs = [text.partition("-") for text in self.chosen.data or ()]
        numbers = [
            (whole_number(id_, otherwise=0), whole_number(revision, otherwise=0))
            for id_, _, revision in pairs
        ]
        if not numbers:
            raise Refusal(sentence("Tick the texts that you decide about."), field="chosen")
        if not all(0 < id_ <= MAX_ID and revision for id_, revision in numbers):
            raise Malformed(sentence("This form holds fields that do not belong to it."))
        return dict(numbers)


class UndoForm(QueueForm):
    """Decisions to be undone, by their numbers in the record."""

    act = RowsField()

    def act_ids(self) -> list[int]:
        """Raises Malformed for what is no number."""
        ids = [whole_number(text, otherwise=0) for text in self.act.data or ()]
        if not ids or not all(ids):
            raise Malformed(sentence("This form holds fields that do not belong to it."))
        return ids


class ReplyForm(PollForm):
    """A reply in the name of the newsroom."""

    text = StringField(_l("Your reply"))


class EraseForm(PollForm):
    """Why words are erased for good."""

    code = StringField(_l("Why it is erased"))


def rejection_choices() -> list[tuple[str, str]]:
    """Why a text may be refused, as its writer reads it; nothing is chosen at first."""
    return [("", "–"), *((code, say(told)) for code, told in REJECTIONS.items())]
