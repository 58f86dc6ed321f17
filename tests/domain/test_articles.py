"""Slugs: what may stand in an address, and what is proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.articles import MAX_SLUG_LENGTH, is_slug, propose_slug


@pytest.mark.parametrize("text", ["a", "7", "what-lies-ahead", "a-1-b", "x" * MAX_SLUG_LENGTH])
def test_small_letters_digits_and_single_hyphens_make_a_slug(text):
    assert is_slug(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "-a",
        "a-",
        "a--b",
        "A",
        "a b",
        "a/b",
        "..",
        "a\n",
        "ä",
        "а",
        "a_b",
        "a%62",
        "x" * 81,
    ],
)
def test_nothing_else_does(text):
    assert not is_slug(text)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Will NATO abandon its cautious approach?", "will-nato-abandon-its-cautious-approach"),
        ("Don't look back!", "dont-look-back"),
        ("Größe, Maß & Übermut", "grosse-mass-ubermut"),
        ("Café №5 — déjà vu", "cafe-no5-deja-vu"),
        ("Чи вступить Україна до НАТО?", ""),
        ("???", ""),
        ("", ""),
        (f"{'x' * 79} yes", "x" * 79),
        ("x" * 200, "x" * MAX_SLUG_LENGTH),
    ],
)
def test_a_slug_is_made_of_the_words_of_a_text(text, slug):
    assert propose_slug(text) == slug


@given(st.text(max_size=300))
def test_what_is_proposed_is_a_slug_or_nothing(text):
    slug = propose_slug(text)

    assert slug == "" or is_slug(slug)
