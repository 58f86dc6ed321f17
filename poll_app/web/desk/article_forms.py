"""The forms of an article at the desk: what may be typed, judged by the rules of the domain."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from poll_app.domain import article_text as rules
from poll_app.domain.article_text import ArticleText
from poll_app.domain.differences import differing_lines
from poll_app.web.desk.forms import DeskForm, judged

# Those offered; an article in another one keeps it. The site's own stands above them.
LANGUAGES = (
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he", "hi",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl",
    "sr", "sv", "tr", "uk", "vi", "zh",
)  # fmt: skip
_MAX_DIGITS = 9


class ArticleTextForm(DeskForm):
    """The fields that an editor writes."""

    title = StringField(_l("Title"), [judged(rules.clean_title)])
    standfirst = StringField(_l("Standfirst"), [judged(rules.clean_standfirst)])
    source = StringField(_l("Source"), [judged(rules.clean_source)])
    body = StringField(_l("Text"), [judged(rules.clean_body)])
    discussion_prompt = StringField(_l("Question for the discussion"), [judged(rules.clean_prompt)])
    language = StringField(_l("Language of the article"), [judged(rules.clean_language)])

    def text(self) -> ArticleText:
        """What was typed; not clean yet."""
        return ArticleText(
            title=self.title.data or "",
            standfirst=self.standfirst.data or "",
            source=self.source.data or "",
            body=self.body.data or "",
            discussion_prompt=self.discussion_prompt.data or "",
            language=self.language.data or None,
        )


class ArticleForm(ArticleTextForm):
    """The same for a stored article, with the revision that the editor has seen."""

    slug = StringField(_l("Address"))
    revision = StringField()

    def differences(self, theirs: ArticleText) -> list[dict[str, str]]:
        """What somebody else has saved and what was typed here, where the two differ."""
        rows = []
        for name, value in vars(self.text()).items():
            typed, stored = str(value or "").replace("\r\n", "\n"), str(getattr(theirs, name) or "")
            if typed != stored:
                before, after = differing_lines(stored, typed)
                label = self._fields[name].label.text
                rows.append({"label": label, "before": before, "after": after})
        return rows


class PublishForm(DeskForm):
    """Publishing: whether its questions open too, and why where there are hints."""

    revision = StringField()
    questions = BooleanField(_l("Open its questions that have their options"))
    reason = StringField(_l("Why you go on"))


class WithdrawForm(DeskForm):
    """Taking a public article back."""

    reason = StringField(_l("Reason"))


class CompareForm(DeskForm):
    """Whether answers to its questions may be compared."""

    compared = BooleanField(_l("Answers to the questions of this article may be compared"))


class PlaceForm(DeskForm):
    """A question by its slug."""

    poll = StringField(_l("Question"))


def whole_number(text: str | None, *, otherwise: int) -> int:
    """The number that a field or an address holds, if it is one."""
    digits = (text or "").strip()
    known = digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_DIGITS
    return int(digits) if known else otherwise


def language_choices(current: str | None) -> list[tuple[str, str]]:
    """Codes and names of the languages to choose from, by name; the site's own first."""
    codes = {*LANGUAGES, *([current] if current else [])}
    named = sorted(((code, _name_of(code)) for code in codes), key=lambda pair: pair[1].casefold())
    return [("", _("Language of this site")), *named]


def _name_of(code: str) -> str:
    try:
        name = Locale.parse(code, sep="-").get_display_name(get_locale())
    except (UnknownLocaleError, ValueError):
        return code
    return str(name or code)
