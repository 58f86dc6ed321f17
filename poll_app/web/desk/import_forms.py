"""The forms of an import: what is brought, and what was found in it, for the editor to check."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FileField, StringField

from poll_app.domain.importing.questions import ProposedPoll
from poll_app.domain.polls import (
    MAX_OPTION_LENGTH,
    MAX_QUESTION_LENGTH,
    check_options,
    clean_text,
    not_sure_label,
)
from poll_app.domain.question_check import Hint, check_question
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.services.polls import NewPoll
from poll_app.web.desk.article_forms import ArticleTextForm
from poll_app.web.desk.forms import DeskForm, judged

MAX_ROWS = 25
_NAMES = {"text": "pasted.txt", "markdown": "pasted.md", "html": "pasted.html"}


class ImportForm(DeskForm):
    """An article as pasted text or as a file."""

    text = StringField(_l("Text of the article"))
    file = FileField(_l("File"))
    format = StringField(_l("Format"), default="detect")

    @property
    def formats(self) -> list[tuple[str, str]]:
        """What can be chosen as the format."""
        return [
            ("detect", _("Find out")),
            ("text", _("Plain text")),
            ("markdown", "Markdown"),
            ("html", "HTML"),
        ]

    def content(self) -> tuple[bytes, str]:
        """The bytes to read and the name that tells their format. Raises Refusal."""
        brought = request.files.get("file")
        data = brought.read() if brought and brought.filename else b""
        pasted = (self.text.data or "").strip()
        if bool(data) == bool(pasted):
            told = sentence("Use one of the two: paste the text, or choose a file.")
            empty = sentence("Paste the text of an article, or choose a file.")
            raise Refusal(told if data else empty, field="text")
        name = (brought.filename or "") if brought and data else ""
        return data or pasted.encode(), _NAMES.get(self.format.data or "", name)

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with the article stands where the article was given."""
        if refusal.field in {"file", "body"}:
            refusal.field = "text" if self.text.data else "file"
        super().refuse(refusal)


def _check_label_lines(text: str) -> None:
    for label in labels_in(text):
        clean_text(label, limit=MAX_OPTION_LENGTH, field="options")


def _check_text_of_question(text: str) -> None:
    clean_text(text, limit=MAX_QUESTION_LENGTH, field="question")


def labels_in(text: str | None) -> list[str]:
    """One option per line that is not blank."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class QuestionForm(DeskForm):
    """A question that was found, or an own one, as row `number` of the import."""

    take = BooleanField(_l("Take this question"))
    question = StringField(_l("Question"), [judged(_check_text_of_question)])
    options = StringField(_l("Options"), [judged(_check_label_lines)])
    not_sure = BooleanField(_l("Not sure"))
    several = BooleanField(_l("Readers may choose several"))

    def __init__(
        self, number: int, *, language: str, proposed: ProposedPoll | None = None, sent: bool = True
    ) -> None:
        self.number = number
        self.undecided = not_sure_label(language)
        data: dict[str, object] = {"not_sure": True}
        if proposed:
            options = "\n".join(proposed.options[:-1])
            data |= {"take": True, "question": proposed.question, "options": options}
        super().__init__(request.form if sent else None, prefix=f"q{number}-", data=data)
        self.question.label.text = _("Question %(number)s", number=number)
        self.options.label.text = _("Options of question %(number)s", number=number)
        self.not_sure.label.text = _("Offer “%(label)s” as the last option", label=self.undecided)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not ((self.question.data or "").strip() or labels_in(self.options.data))

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What the question check says of it."""
        labels = labels_in(self.options.data)
        asked = (self.question.data or "").strip()
        return check_question(asked, labels, not_sure=self.not_sure.data) if asked else ()

    def validate_options(self, field: Field) -> None:
        """None at all for a draft that waits, or enough for a question."""
        if field.data and (labels := self.new_poll().options):
            last = [self.undecided] if self.not_sure.data else []
            judged(
                lambda _text: check_options(
                    [*labels, *last], min_choices=1, max_choices=1, not_sure=bool(last)
                )
            )(self, field)

    def refuse(self, refusal: Refusal) -> None:
        """What is said of an option stands beside all of them."""
        refusal.field = "options" if refusal.field == "option" else refusal.field
        super().refuse(refusal)

    def new_poll(self) -> NewPoll:
        """What is to be stored; "Not sure" stands only beside other options."""
        labels = labels_in(self.options.data)
        return NewPoll(
            self.question.data or "",
            options=labels,
            not_sure=self.undecided if labels and self.not_sure.data else None,
            method="multiple" if self.several.data else "single",
        )


class FoundForm(ArticleTextForm):
    """What was found in an article; `reason`: why to publish questions that have hints."""

    reason = StringField(_l("Why you go on"))


def rows_sent(language: str) -> list[QuestionForm]:
    """The rows of the form that was sent, in their order."""
    numbers = [n for n in range(1, MAX_ROWS + 1) if f"q{n}-question" in request.form]
    return [QuestionForm(number, language=language) for number in numbers]
