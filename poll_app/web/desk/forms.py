"""What every form of the desk shares: sentences of our own, errors that stand with their fields."""

from __future__ import annotations

from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.i18n import DummyTranslations
from wtforms.validators import ValidationError

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.web.language import say

_CONTROLS = dict.fromkeys([*range(0x9), 0xB, 0xC, *range(0xE, 0x20), *range(0x7F, 0xA0)])


def printable(text: object) -> str:
    """What was typed without the control characters that no page may hold."""
    return str(text).translate(_CONTROLS)


class Judged(Refusal):
    """Fields that can't be by themselves: each holds its own errors already."""


def judged(rule: Callable[[str], object]) -> Callable[[BaseForm, Field], None]:
    """A validator that asks a rule of the domain."""

    def validate(_form: BaseForm, field: Field) -> None:
        try:
            rule(field.data or "")
        except Refusal as refusal:
            raise ValidationError(say(refusal.sentence)) from refusal

    return validate


class DeskForm(FlaskForm):
    """A form of the desk. The guard checks the token of every post before any view runs, so forms
    only judge their fields; `csrf_token()` in a template writes the field.
    """

    class Meta:
        csrf = False

        def get_translations(self, _form: BaseForm) -> DummyTranslations:
            """None: the rules bring their own sentences."""
            return DummyTranslations()

    def judge(self) -> None:
        """Raises Judged where a field can't be by itself; what is wrong with each is then told at
        once."""
        if not self.validate():
            raise Judged(sentence("There is a problem"))

    def refuse(self, refusal: Refusal) -> None:
        """Puts a refusal with the field it belongs to, or above the form."""
        if isinstance(refusal, Judged):
            return
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(say(refusal.sentence))
        else:
            field.errors = [*field.errors, say(refusal.sentence)]
