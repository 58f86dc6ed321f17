"""The phases before a text is shown, one by one and together."""

import pytest

from poll_app.domain.discussion import pipeline
from poll_app.domain.discussion.pipeline import Context, Draft, folded, review
from poll_app.domain.discussion.words import WORDS, word_list

TEXT = "Because a bridge would bring the two halves of the town together."
GOOD = Draft(TEXT, taken_s=60.0)
OPEN = Context("after", "en", new_writer=False)


def test_a_good_text_of_a_known_writer_passes_every_phase():
    assert review(GOOD, OPEN) == ()
    assert all(phase(GOOD, OPEN) is None for phase in pipeline.PHASES)


@pytest.mark.parametrize(("text", "code"), [("Nine char", "length"), ("Ten chars!", None)])
def test_length_holds_what_is_hardly_a_reason(text, code):
    assert pipeline.length(Draft(text), OPEN) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("look at https://example.org", "links"), ("look at WWW.example.org", "links"),
        ("[x](javascript:alert(1))", None), ("no link at all", None),
    ],
)  # fmt: skip
def test_links_holds_what_leads_elsewhere(text, code):
    assert pipeline.links(Draft(text), OPEN) == code


def test_duplicate_holds_own_texts_and_long_ones_of_others():
    own = Context("after", "en", new_writer=False, own_texts=frozenset({"short words"}))
    others = Context(
        "after", "en", new_writer=False, other_texts=frozenset({"short words", folded(TEXT)})
    )

    assert pipeline.duplicate(Draft("Short  WORDS"), own) == "duplicate"
    assert pipeline.duplicate(Draft("Short words"), others) is None
    assert pipeline.duplicate(Draft(TEXT.upper()), others) == "duplicate"
    assert pipeline.duplicate(GOOD, own) is None


@pytest.mark.parametrize(
    ("taken_s", "code"), [(None, "too_fast"), (4.9, "too_fast"), (-3.0, "too_fast"), (5.0, None)]
)
def test_too_fast_holds_what_nobody_typed(taken_s, code):
    assert pipeline.too_fast(Draft(TEXT, taken_s=taken_s), OPEN) == code


def test_honeypot_holds_what_filled_the_hidden_field():
    assert pipeline.honeypot(Draft(TEXT, trap="x"), OPEN) == "honeypot"
    assert pipeline.honeypot(GOOD, OPEN) is None


@pytest.mark.parametrize(
    ("text", "name", "language", "code"),
    [
        ("What an IDIOT he is", "", "en", "words.en"), ("What an ｉｄｉｏｔ", "", "en-GB", "words.en"),
        ("A fine idea", "Idiot", None, "words.en"), ("So ein Volksverräter!", "", "de_AT", "words.de"),
        ("So ein Volksverräter!", "", "en", None), ("Das Schwein hat Glück", "", "en", None),
        ("scunthorpe, idiotic", "", "en", None), ("What an idiot", "", "uk", "words.en"),
    ],
)  # fmt: skip
def test_words_holds_by_the_list_of_the_language_whole_words_only(text, name, language, code):
    context = Context("after", language, new_writer=False)

    assert pipeline.words(Draft(text, name), context) == code


def test_every_list_is_found_by_its_language():
    assert {word_list(language) for language in (*WORDS, "fr", None)} == set(WORDS)


@pytest.mark.parametrize(
    ("moderation", "new", "codes"),
    [
        ("before", True, ("before",)), ("before", False, ("before",)), ("new_writers", True, ("new_writer",)),
        ("new_writers", False, ()), ("after", True, ()), ("after", False, ()),
    ],
)  # fmt: skip
def test_the_article_says_what_is_read_first(moderation, new, codes):
    assert review(GOOD, Context(moderation, "en", new_writer=new)) == codes


def test_rejected_before_holds_the_next_text_in_every_mode():
    context = Context("after", "en", new_writer=True, rejected_before=True)

    assert review(GOOD, context) == ("rejected_before",)


def test_every_phase_that_finds_something_is_told_in_order():
    bad = Draft("idiot", trap="x", taken_s=0.1)

    assert review(bad, Context("before", "en", new_writer=True)) == (
        "length", "too_fast", "honeypot", "words.en", "before",
    )  # fmt: skip
