"""Whatever comes in: an article or a refusal, harmless, within a moment."""

from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from poll_app.domain.articles import MAX_TITLE_LENGTH
from poll_app.domain.importing import MAX_ARTICLE_BYTES, read_article
from poll_app.domain.polls import MAX_QUESTION_LENGTH, clean_text
from poll_app.domain.refusals import Refusal
from tests.domain.importing.reading import shape


def rendered(body: str) -> str:
    return str(MarkdownIt("commonmark", {"html": False}).render(body))


class Inspector(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.active: list[str] = []
        self.names: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:")):
                self.active.append(f"{tag} {name}={value}")


MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "<script>",
                    "</script>",
                    "<svg onload=x>",
                    "<a href='javascript:x'>",
                    "<li>",
                    "<ul>",
                ),
                *(
                    "<ol>",
                    "</ul>",
                    "<p>",
                    "<h1>",
                    "</h1>",
                    "<h2>",
                    "<!--",
                    "-->",
                    "<nav>",
                    "&lt;",
                    "&#60;",
                ),
                *(
                    "script>",
                    "&#x3c;img src=x onerror=x&#x3e;",
                    "[x](javascript:x)",
                    "![x](y)",
                    "<http://x>",
                ),
                *(
                    "\n",
                    "\n\n",
                    "# ",
                    "- ",
                    "> ",
                    "1. ",
                    "```",
                    "~~~",
                    "***",
                    "===",
                    "---",
                    "    ",
                    "\t",
                ),
                *(
                    "[a]: javascript:x",
                    "[a]",
                    "\\",
                    "`",
                    "*",
                    "_",
                    "&",
                    "?",
                    ". ",
                    "Will it?",
                    "\u202e",
                    "|",
                ),
            ]
        ),
        st.text(max_size=12),
    ),
    max_size=40,
).map("".join)
NAMES = st.sampled_from(["a.txt", "a.md", "a.html", "a"])


@given(data=st.one_of(st.binary(), MARKUP.map(lambda text: text.encode())), name=NAMES)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_an_article_that_fits_a_poll_page_or_a_refusal(
    data: bytes, name: str
) -> None:
    try:
        article = read_article(data, filename=name)
    except Refusal:
        return

    assert article.blocks
    assert all(block.text == " ".join(block.text.split()) != "" for block in article.blocks)
    assert clean_text(article.title, limit=MAX_TITLE_LENGTH, field="title") == article.title
    for poll in article.polls:
        assert (
            clean_text(poll.question, limit=MAX_QUESTION_LENGTH, field="question") == poll.question
        )


@given(text=MARKUP, name=NAMES)
@settings(max_examples=300, deadline=None)
def test_no_body_holds_anything_a_browser_would_run(text: str, name: str) -> None:
    try:
        article = read_article(text.encode("utf-8", "ignore"), filename=name)
    except Refusal:
        return

    page = Inspector(rendered(article.body))

    assert page.active == []
    assert not page.names & {"script", "style", "iframe", "object", "embed", "svg", "form", "base"}


@given(text=MARKUP, name=st.sampled_from(["a.txt", "a.html"]))
@settings(max_examples=300, deadline=None)
def test_a_body_we_write_shows_its_blocks_and_nothing_else(text: str, name: str) -> None:
    try:
        article = read_article(text.encode("utf-8", "ignore"), filename=name, title="No such words")
    except Refusal:
        return

    again = read_article(article.body.encode(), filename="a.md", title="No such words")

    assert shape(again) == shape(article)
    assert Inspector(rendered(article.body)).names <= {
        *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"),
    }


MANY_QUESTIONS = "# Now\n\n" + "".join(f"- Will it be {n}?\n" for n in range(10_000))


@pytest.mark.parametrize(
    ("text", "filename"),
    [
        *(
            (text, name)
            for text in ("a" * MAX_ARTICLE_BYTES, "a " * 500_000)
            for name in ("a.txt", "a.md", "a.html")
        ),
        *((MANY_QUESTIONS, name) for name in ("a.txt", "a.md")),
        *(("a" + "\u0301\u0323" * 250_000, name) for name in ("a.txt", "a.md", "a.html")),
        *(
            (f"{tag * 10_000}a", "a.html")
            for tag in ("<ul>", "<ul><li>", "<div>", "<b>", "<nav>", "<b>a", "</b>")
        ),
        *(
            (tag * 100_000, "a.html")
            for tag in ("<!--", "<a ", "<a =", '<a x="', "<script>", "</", "<?", "&#")
        ),
        ("<a =" + " " * 1_000_000, "a.html"),
        (">" * 50_000 + "a", "a.md"),
        ("- " * 50_000 + "a", "a.md"),
        ("&shy;" * 50_000 + "a", "a.md"),
        ("[" * 50_000, "a.md"),
        ("\u202e" * 300_000 + "a", "a.txt"),
    ],
    ids=lambda value: value[:12],
)
def test_long_and_deep_input_takes_no_more_than_a_moment(text: str, filename: str) -> None:
    data = text.encode()

    began = process_time()
    try:
        read_article(data, filename=filename)
    except Refusal as refusal:
        assert refusal.field == "file"  # noqa: PT017 - an article is as welcome as a refusal

    # A second, ten times over for a slow machine and the coverage tracer; quadratic time is minutes.
    assert process_time() - began < 10
