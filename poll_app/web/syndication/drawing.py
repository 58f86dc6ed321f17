"""A result as a picture: question, sentence, bars, the note, all of it inside the picture.

Two of the same: the chart is as high as it has to be and shows everything; the card has the size
that other sites expect, and says how many answers it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import current_app, render_template
from flask_babel import get_locale, gettext, ngettext

from poll_app.domain.result_sentences import visible_sentence
from poll_app.domain.results import OptionResult, Result
from poll_app.domain.sentences import Sentence, sentence
from poll_app.services.poll_views import PollView
from poll_app.web.language import number, say
from poll_app.web.syndication.canvas import (
    ACCENT,
    HEIGHT,
    INK,
    MARGIN,
    ROOM,
    RULE,
    SOFT,
    WIDTH,
    Canvas,
)
from poll_app.web.syndication.lettering import has_too_wide_a_word, shortened
from poll_app.web.syndication.rows import Row, draw_rows

# Size and most lines of the question, the largest that it fits.
_QUESTION = ((50, 1), (44, 2), (38, 3), (32, 4), (28, 6))
_MANY_ROWS, _SMALLER_FROM = 5, 36  # many rows leave a card less room
_SENTENCE, _NOTE, _SMALL = 27, 21, 18
_BOTTOM = 26
_SENTENCE_LINES = 3
_LABEL_LENGTHS = (80, 50, 30, 18)


@dataclass(frozen=True)
class Said:
    """The words of a picture around its rows: `lead` over them, `foot` and `small` below."""

    question: str
    lead: str
    foot: str
    small: tuple[str, ...]


def draw_result(poll: PollView, result: Result, *, is_card: bool, earlier: bool = False) -> str:
    """The SVG of a result: a card of 1200 by 630, or a chart as high as its rows."""
    canvas = _canvas(poll, is_card=is_card)
    said = Said(
        question=result.poll.question,
        lead=_short_sentence(canvas, result) if is_card else say(result.sentence),
        foot=say(result.note),
        small=(*map(say, result.remarks), say(_when(result, earlier=earlier))),
    )
    return _drawn(canvas, said, _rows(result), describe(result))


def draw_question(poll: PollView) -> str:
    """The SVG of a card that asks: the question and what can be answered, without figures."""
    opens = sentence("Voting opens on %(when)s.", when=poll.opens_at)
    closes = sentence("Open until %(when)s.", when=poll.closes_at)
    times = closes if poll.closes_at else None
    if poll.status == "scheduled":
        times = opens
    said = Said(
        question=poll.question,
        lead=gettext("A question to all readers"),
        foot=gettext("Reader votes: they show what the readers who chose to answer think."),
        small=(say(times),) if times else (),
    )
    rows = [Row(option.label, option.not_sure) for option in poll.options]
    return _drawn(_canvas(poll, is_card=True), said, rows, describe_question(poll))


def describe_question(poll: PollView) -> str:
    """A question in words: that it is put to all readers, and what they can answer."""
    labels = "; ".join(option.label for option in poll.options)
    return f"{gettext('A question to all readers')}: {labels}."


def describe(result: Result) -> str:
    """A result in words, for who doesn't see the picture: sentence, every figure, note."""
    told = [f"{line}." for line in figures_of(result)]
    return " ".join([say(result.sentence), *told, say(result.note)])


def figures_of(result: Result) -> tuple[str, ...]:
    """Each answer with its share and votes, in words; nothing where no figures are shown."""
    if not (result.visible and result.ballots):
        return ()
    return tuple(
        f"{option.label}: " + ", ".join(filter(None, (option.percent_label, _votes(option))))
        for option in result.options
    )


def _votes(option: OptionResult) -> str:
    counted = option.counted
    return str(ngettext("%(count)s vote", "%(count)s votes", counted, count=number(counted)))


def _rows(result: Result) -> list[Row]:
    if not (result.visible and result.ballots):
        return [Row(option.label, option.not_sure) for option in result.options]
    return [
        Row(
            option.label,
            option.not_sure,
            votes=option.counted,
            told=_votes(option),
            share=option.percent_label,
            bar=option.bar,
        )
        for option in result.options
    ]


def _when(result: Result, *, earlier: bool) -> Sentence:
    poll = result.poll
    if earlier:
        return sentence("As of %(when)s.", when=result.as_of)
    if poll.status == "scheduled":
        return sentence("Voting opens on %(when)s.", when=poll.opens_at)
    if poll.status == "open":
        return sentence("Counted up to %(when)s.", when=result.as_of)
    return sentence("Voting closed on %(when)s.", when=poll.closes_at)


def _short_sentence(canvas: Canvas, result: Result) -> str:
    """The sentence of the result, with long labels cut where it would take too many lines. It is
    never cut itself: half a sentence could say something else."""
    told = say(result.sentence)
    for most in _LABEL_LENGTHS:
        if len(canvas.fit(told, _SENTENCE)) <= _SENTENCE_LINES or not result.visible:
            break
        options = [replace(option, label=_cut(option.label, most)) for option in result.options]
        percent_from = current_app.extensions["settings"].percent_from
        told = say(
            visible_sentence(result.poll, options, result.ballots, percent_from, result.order)
        )
    return told


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def _canvas(poll: PollView, *, is_card: bool) -> Canvas:
    locale = get_locale()
    return Canvas(locale.text_direction if locale else "ltr", poll.language, is_card)


def _drawn(canvas: Canvas, said: Said, rows: list[Row], description: str) -> str:
    y = _head(canvas, said, is_dense=canvas.is_card and len(rows) > _MANY_ROWS)
    foot = _Foot(canvas, said)
    top: float = HEIGHT - _BOTTOM - foot.height
    y = draw_rows(canvas, rows, y, top - 20 if canvas.is_card else None)
    if not canvas.is_card:
        top = y + 28
    foot.draw(canvas, top)
    return render_template(
        "syndication/result.svg",
        width=WIDTH,
        height=round(top + foot.height + _BOTTOM),
        canvas=canvas,
        language=str(get_locale() or "en").replace("_", "-"),
        title=said.question,
        description=description,
    )


def _head(canvas: Canvas, said: Said, *, is_dense: bool) -> float:
    """Masthead, question, sentence; where the rows may begin."""
    site: str = current_app.extensions["settings"].site_name
    for place, width in enumerate((28, 18, 11)):
        canvas.box(MARGIN, 38 + 10 * place, width, 6, ACCENT)
    name = shortened(site, canvas.ems(ROOM - 60, 24), "600")
    canvas.text(MARGIN + 44, 59, name, 24, weight="600")
    canvas.box(MARGIN, 82, ROOM, 2, INK)
    size, lines = _question(canvas, said.question, is_dense=is_dense)
    y = canvas.question(84 + size * 1.22, lines, size, 1.16)
    y += _SENTENCE * 1.35 - size * 0.72
    for line in canvas.fit(said.lead, _SENTENCE):
        canvas.text(MARGIN, y, line, _SENTENCE)
        y += _SENTENCE * 1.3
    return y - _SENTENCE * 0.9


def _question(canvas: Canvas, question: str, *, is_dense: bool) -> tuple[int, list[str]]:
    for size, most in _QUESTION[:-1]:
        if is_dense and size > _SMALLER_FROM:
            continue
        lines = canvas.fit(question, size, weight="600")
        if len(lines) <= most and not has_too_wide_a_word(question, canvas.ems(ROOM, size), "600"):
            return size, lines
    size, most = _QUESTION[-1]
    return size, canvas.fit(question, size, weight="600", most=most)


class _Foot:
    """What stands below the rows: the note, then what is said of the figures and their time."""

    def __init__(self, canvas: Canvas, said: Said) -> None:
        self._note = canvas.fit(said.foot, _NOTE)
        self._small = canvas.fit(" ".join(said.small), _SMALL)
        self.height = 34 + len(self._note) * 28 + len(self._small) * 24 - 18

    def draw(self, canvas: Canvas, top: float) -> None:
        """Draws it from this height on."""
        canvas.box(MARGIN, top, ROOM, 1, RULE)
        y = top + 34
        for line in self._note:
            canvas.text(MARGIN, y, line, _NOTE)
            y += 28
        for line in self._small:
            canvas.text(MARGIN, y, line, _SMALL, fill=SOFT)
            y += 24
