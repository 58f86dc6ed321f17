"""The reader's form: what it may hold, said in sentences."""

from __future__ import annotations

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.form import BaseForm
from wtforms.i18n import DummyTranslations
from wtforms.validators import ValidationError

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voting import check_choices, parse_option_ids
from poll_app.services.poll_views import PollView
from poll_app.web.language import say


def read_answer(poll: PollView) -> tuple[int, ...]:
    """The options that this request chose. Raises Refusal for what is no answer to the poll.

    The form itself is made only to be shown again: that takes longer than all of a good vote.
    """
    return _checked(request.form.getlist("option"), poll)


class OptionsField(Field):
    """The ids of the options sent, as texts, in their order."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keeps what was sent; the domain judges it."""
        self.data = list(valuelist)


class VoteForm(FlaskForm):
    """An answer to one poll. It carries no session token: the page may stand in a shared cache, and
    the origin of the post is checked instead (web/security.py).
    """

    class Meta:
        csrf = False

        def get_translations(self, _form: BaseForm) -> DummyTranslations:
            """None: the sentences are ours, and loading the library's takes longer than a vote."""
            return DummyTranslations()

    option = OptionsField()
    order = StringField()

    def __init__(self, poll: PollView) -> None:
        super().__init__(request.form)  # never JSON nor files, which Flask-WTF would take as well
        self.poll = poll

    def validate_option(self, field: OptionsField) -> None:
        """The rules of an answer, as the domain has them."""
        try:
            _checked(field.data or [], self.poll)
        except Refusal as refusal:
            raise ValidationError(say(refusal.sentence)) from refusal


def _checked(texts: list[str], poll: PollView) -> tuple[int, ...]:
    option_ids = parse_option_ids(texts)
    if poll.wording_version > 1 and not {o.id for o in poll.options}.issuperset(option_ids):
        raise Refusal(
            sentence(
                "The question has been reworded since you opened it. Read it again and choose."
            ),
            field="option",
        )
    check_choices(
        option_ids, poll.options, min_choices=poll.min_choices, max_choices=poll.max_choices
    )
    return option_ids
