"""From bytes to text: encodings, formats, hidden characters, and what is refused."""

import pytest

from poll_app.domain.importing import MAX_ARTICLE_BYTES, read_article
from poll_app.domain.importing.documents import MAX_LINES
from poll_app.domain.refusals import Refusal
from tests.domain.importing.reading import read, shape


@pytest.mark.parametrize(
    ("text", "filename", "first"),
    [
        ("<p># x</p>", "page", ("paragraph", "# x")),
        ("<!doctype html>x", "a.dat", ("paragraph", "x")),
        ("<https://example.org>", "", ("paragraph", "<https://example.org>")),
        ("Intro\n\n# *x*", "notes", ("paragraph", "Intro")),
        ("*x*", "notes", ("paragraph", "*x*")),
        ("<p>*x*</p>", "A.TXT", ("paragraph", "<p>*x*</p>")),
        ("*x*", "a.MD", ("paragraph", "x")),
        ("*x*", "C:\\my.files\\a.HTM", ("paragraph", "*x*")),
    ],
)
def test_the_format_is_told_by_the_name_or_else_by_the_content(
    text: str, filename: str, first: tuple[str, str]
) -> None:
    data = text.encode()

    article = read_article(data, filename=filename)

    assert shape(article)[0] == first


@pytest.mark.parametrize("filename", ["a.txt", "a.md", "a.html"])
def test_control_and_direction_characters_vanish_but_joiners_stay(filename: str) -> None:
    text = "A\x07\u202eb\u2066c\u200bd\ufeff\ue000e \u3164 می\u200cخواهم."

    article = read(text, filename)

    assert article.blocks[0].text == "Abcde می\u200cخواهم."
    assert article.body == {"a.md": "Abcde  می\u200cخواهم.\n"}.get(
        filename, "Abcde می\u200cخواهم.\n"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no text"),
        (b" \n\t\r\n", "no text"),
        ("\ufeff\u200b\u200d \u3164".encode(), "no text"),
        ("\u07a6 \u0301 \u2800".encode(), "no text"),
        (b"text\0more", "text file in UTF-8"),
        (b"\x89PNG\r\n", "text file in UTF-8"),
        ("Grüße".encode("latin-1"), "text file in UTF-8"),
        ("a".encode("utf-32"), "text file in UTF-8"),
        (b"\xff\xfea", "text file in UTF-8"),
        (b"a" * (MAX_ARTICLE_BYTES + 1), "1,024 KiB"),
        (b"a\n" * (MAX_LINES + 1), "20,000 lines"),
    ],
)
@pytest.mark.parametrize("filename", ["a.txt", "a.md", "a"])
def test_what_is_no_text_of_bearable_size_is_refused(
    data: bytes, words: str, filename: str
) -> None:
    name = filename

    with pytest.raises(Refusal) as refusal:
        read_article(data, filename=name)

    assert words in str(refusal.value.sentence)
    assert refusal.value.field == "file"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<script>alert(1)</script><nav>x</nav>", "no text"),
        (b"<p>a" * (MAX_LINES + 1), "20,000 lines or paragraphs"),
    ],
)
def test_html_without_text_or_without_end_is_refused(data: bytes, words: str) -> None:
    name = "a.html"

    with pytest.raises(Refusal) as refusal:
        read_article(data, filename=name)

    assert words in str(refusal.value.sentence)


def test_a_file_of_exactly_the_largest_size_is_read() -> None:
    data = b"a" * MAX_ARTICLE_BYTES

    article = read_article(data, filename="a.txt")

    assert len(article.blocks[0].text) == MAX_ARTICLE_BYTES


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 \xe2", "PDF"),
        (b"PK\x03\x04\x14\0", "Word or LibreOffice"),
        (b"\xd0\xcf\x11\xe0\xa1", "Word"),
        (b"{\\rtf1\\ansi text}", "RTF"),
    ],
)
def test_a_file_of_another_program_is_told_apart_and_what_to_do_is_said(
    data: bytes, kind: str
) -> None:
    with pytest.raises(Refusal, match=f"This is a {kind} file. Open it, copy its text") as refused:
        read_article(data, filename="article.txt")

    assert refused.value.field == "file"
