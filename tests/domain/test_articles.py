"""Slugs: what may stand in an address, and what is proposed. States of an article."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.articles import MAX_SLUG_LENGTH, article_state, is_slug, propose_slug

NOW = datetime(2026, 11, 22, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("published_at", "withdrawn_at", "state"),
    [
        (None, None, "draft"),
        (NOW, None, "published"),
        (NOW, NOW, "withdrawn"),
        (None, NOW, "draft"),
    ],
)
def test_the_state_of_an_article_follows_from_its_times(published_at, withdrawn_at, state):
    assert article_state(published_at, withdrawn_at) == state
