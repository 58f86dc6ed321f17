"""The forms of a poll at the desk: what may be typed; the rules of the domain judge it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField

from poll_app.domain.methods import takes_several
from poll_app.domain.polls import (
    MAX_OPTION_LENGTH,
    MAX_QUESTION_LENGTH,
    check_options,
    clean_text,
)
from poll_app.domain.question_check import Hint, check_question
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.services.desk.poll_lists import DeskPoll
from poll_app.services.polls import NewPoll
from poll_app.web.desk.forms import DeskForm, judged
from poll_app.web.desk.guard import CSRF_FIELD

_NUMBER = re.compile(r"[0-9]{1,9}")
_ROW_BUTTON = re.compile(r"(?:add|(?:remove|up|down)-[0-9]{1,2})")
# As many rows as a new question shows.
_ROWS = 3


def _check_question(text: str) -> None:
    clean_text(text, limit=MAX_QUESTION_LENGTH, field="question")


def _check_labels(labels: Sequence[str], undecided: Sequence[str]) -> None:
    clean = [clean_text(one, limit=MAX_OPTION_LENGTH, field="option") for one in labels]
    check_options([*clean, *undecided], min_choices=1, max_choices=1, not_sure=bool(undecided))


def _whole_number(text: str | None, *, field: str = "") -> int | None:
    """The number typed, None for nothing. Raises Refusal for anything else."""
    typed = (text or "").strip()
    if typed and not _NUMBER.fullmatch(typed):
        raise Refusal(sentence("Write a whole number: 1, 2, 3 and so on."), field=field)
    return int(typed) if typed else None


class RowsField(Field):
    """Texts of a field that is repeated, in their order."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keeps what was sent."""
        self.data = list(valuelist)


class PollForm(DeskForm):
    """One form of a poll. It takes its own fields and no others: what somebody else puts in, such
    as a state or a number of votes, is refused and never reaches a poll."""

    revision = StringField()

    def refuse_strange_fields(self) -> None:
        """Raises Refusal where the post holds a field that this form does not have."""
        known = {*self._fields, CSRF_FIELD}
        if any(not (name in known or _ROW_BUTTON.fullmatch(name)) for name in request.form):
            raise Refusal(sentence("This form holds fields that do not belong to it."))

    def seen_revision(self) -> int:
        """The revision the editor has seen; 0, which none has, for what is no number."""
        text = self.revision.data or ""
        return int(text) if _NUMBER.fullmatch(text) else 0

    def differences(self, stored: Mapping[str, object]) -> list[dict[str, str]]:
        """What stands there now and what was typed here, where the two differ."""
        return [
            {"label": str(self._fields[name].label.text), "before": was, "after": typed}
            for name, value in stored.items()
            if (was := _shown(value)) != (typed := _shown(self._fields[name].data))
        ]


class WordsForm(PollForm):
    """Question and options."""

    question = StringField(_l("Question"), [judged(_check_question)])
    option = RowsField(_l("Options"))
    not_sure = BooleanField(_l("Offer an answer for the undecided, always last"))
    not_sure_label = StringField(_l("What it says"))
    method = StringField(_l("Answers"))
    min_choices = StringField(_l("At least"), [judged(_whole_number)])
    max_choices = StringField(_l("At most"), [judged(_whole_number)])
    results_policy = StringField(_l("Results are shown"))
    reason = StringField(_l("Reason"))

    def content(self) -> NewPoll:
        """What was typed, not clean yet; rows left empty are no options. A sender that knows
        nothing of the field for the undecided gets it. Raises Judged for what can't be."""
        self.judge()
        options = tuple(text for text in self.option.data or () if text.strip())
        label = self.not_sure_label.data
        wants = self.not_sure.data or "not_sure_label" not in request.form
        return NewPoll(
            self.question.data or "",
            options=options,
            not_sure=(label if label is not None else "Not sure") if wants and options else None,
            method=self.method.data or "single",
            min_choices=_whole_number(self.min_choices.data) or 1,
            max_choices=_whole_number(self.max_choices.data),
            results_policy=self.results_policy.data or "always",
        )

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What the question check says of what was typed."""
        labels = [text for text in self.option.data or () if text.strip()]
        return check_question(self.question.data or "", labels, not_sure=bool(self.not_sure.data))

    def moved_row(self) -> int | None:
        """Does what a button beside the options asks for and returns the row to look at; None when
        none of them was pressed."""
        pressed = next((name for name in request.form if _ROW_BUTTON.fullmatch(name)), None)
        if pressed is None:
            return None
        rows = list(self.option.data or ())
        verb, _, number = pressed.partition("-")
        place = int(number or 0) - 1
        if verb == "add":
            rows.append("")
            place = len(rows) - 1
        elif 0 <= place < len(rows):
            row = rows.pop(place)
            if verb != "remove":
                place = max(0, place - 1) if verb == "up" else min(len(rows), place + 1)
                rows.insert(place, row)
        self.option.data = rows
        return min(max(place, 0), max(len(rows) - 1, 0))

    def validate_option(self, field: Field) -> None:
        """None at all for a draft that waits, or enough for a question."""
        labels = [text for text in field.data or () if text.strip()]
        undecided = [self.not_sure_label.data or ""] if self.not_sure.data else []
        if labels:
            judged(lambda _text: _check_labels(labels, undecided))(self, field)


class RewordForm(WordsForm):
    """A new wording; `in_spite`: why it opens in spite of hints, for the record alone."""

    in_spite = StringField(_l("Why you go on"))


class QuestionForm(WordsForm):
    """The whole of a poll that nobody has answered yet, with the place it stands at."""

    article = StringField(_l("Article"))
    place = StringField(_l("Place among its questions"), [judged(_whole_number)])

    def spot(self) -> tuple[str | None, int | None]:
        """The article and the place on it, from 1. Raises Refusal for what is no number."""
        return self.article.data or None, _whole_number(self.place.data, field="place")


class CorrectionForm(PollForm):
    """The words alone; the options in their order, the one for the undecided last."""

    question = StringField(_l("Question"))
    option = RowsField(_l("Options"))


def words_of(content: NewPoll | None) -> dict[str, Any]:
    """What a form about these words holds; without any, what a new question starts with."""
    if content is None:
        return {
            "option": [""] * _ROWS, "not_sure": True, "not_sure_label": "Not sure",
            "method": "single", "min_choices": "1", "max_choices": "", "results_policy": "always",
        }  # fmt: skip
    return {
        "question": content.question,
        "option": list(content.options) or [""] * _ROWS,
        "not_sure": content.not_sure is not None or not content.options,
        "not_sure_label": content.not_sure or "Not sure",
        "method": content.method,
        "min_choices": str(content.min_choices),
        "max_choices": str(content.max_choices) if takes_several(content.method) else "",
        "results_policy": content.results_policy,
    }


def spot_of(poll: DeskPoll) -> dict[str, Any]:
    """Where it stands, as a form holds it."""
    return {
        "article": poll.article_slug or "",
        "place": str(poll.place) if poll.article_slug else "",
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(str(one) for one in value if one)
    return str(value or "")
