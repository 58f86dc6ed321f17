"""The title of an article: where it comes from, how long it may be, where it goes."""

import pytest

from poll_app.domain.articles import MAX_TITLE_LENGTH
from poll_app.domain.importing import read_article
from poll_app.domain.refusals import Refusal
from tests.domain.importing.reading import read, shape


@pytest.mark.parametrize(
    ("text", "filename", "title", "is_guess"),
    [
        ("The Bridge\n\nIt is old.", "a.txt", "The Bridge", False),
        ("Too late?\n\nIt is old.", "a.txt", "Too late?", False),
        ("It is old.\n\nSays Who\n\nThe town says so.", "a.txt", "Says Who", True),
        ("It is old.\n\nIt is long.", "a.txt", "It is old.", True),
        ("Only this line", "a.txt", "Only this line", True),
        ("Intro\n\n## Part\n\n# The Bridge\n\nText", "a.md", "The Bridge", False),
        ("Intro\n\n## Part\n\nText", "a.md", "Part", True),
        ("## Part\n\nText", "a.md", "Part", False),
        ("The Bridge\n===\n\nText", "a.md", "The Bridge", False),
        ("<title>Page</title><h2>Part</h2><h1>The Bridge</h1><p>x", "a.html", "The Bridge", False),
        ("<title>A &amp; B</title><title>C</title><h2>Part</h2><p>x", "a.html", "A & B", False),
        ("<p>x<h2>Part</h2><p>y", "a.html", "Part", True),
    ],
)
def test_the_title_is_the_best_that_the_file_offers_and_known_for_a_guess(
    text: str, filename: str, title: str, is_guess: bool
) -> None:
    data = text.encode()

    article = read_article(data, filename=filename)

    assert (article.title, article.title_is_guess) == (title, is_guess)


def test_a_title_that_is_given_wins() -> None:
    text = "# Theirs\n\nText"

    article = read(text, "a.md", title=" Ours\u202e ")

    assert article.title == "Ours"
    assert shape(article) == [("heading", "Theirs"), ("paragraph", "Text")]


@pytest.mark.parametrize("title", [None, "", " \u200b"])
def test_a_blank_title_counts_as_none(title: str | None) -> None:
    text = "# Theirs\n\nText"

    article = read(text, "a.md", title=title)

    assert article.title == "Theirs"


def test_a_title_that_is_too_long_is_refused_at_its_field() -> None:
    title = "x" * (MAX_TITLE_LENGTH + 1)

    with pytest.raises(Refusal) as refusal:
        read("Text", title=title)

    assert refusal.value.field == "title"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("word " * 60, "word " * 39 + "word…"),
        ("x" * 300, "x" * 199 + "…"),
        ("e\u0301" * 150, "é" * 150),
        ("e\u0301" * 201, "é" * 199 + "…"),
    ],
)
def test_a_long_heading_is_cut_at_a_word(words: str, title: str) -> None:
    text = f"# {words}\n\nText"

    article = read(text, "a.md")

    assert article.title == title


def test_a_long_opening_is_cut_short() -> None:
    text = "All of these words, " * 30 + "."

    article = read(text)

    assert article.title == "All of these words, " * 3 + "All of these words…"


@pytest.mark.parametrize(
    ("text", "filename", "body"),
    [
        (
            "The Bridge\n\nIt is old.\n\nSays Who\n\nWe do.",
            "a.txt",
            "It is old.\n\n## Says Who\n\nWe do.\n",
        ),
        ("Intro\n\nThe Bridge\n===\n\n*It* is old.", "a.md", "Intro\n\n\n*It* is old.\n"),
        ("<p>Site<h1>The Bridge</h1><p>It is old.", "a.html", "Site\n\nIt is old.\n"),
        ("# The Bridge", "a.md", "# The Bridge\n"),
    ],
)
def test_the_title_is_not_repeated_in_the_body(text: str, filename: str, body: str) -> None:
    data = text.encode()

    article = read_article(data, filename=filename)

    assert article.body == body
