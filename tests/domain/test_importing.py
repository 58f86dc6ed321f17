"""Reading an editor's file: formats, titles, bodies that stay harmless, and odd input."""

from html.parser import HTMLParser
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from poll_app.domain.articles import MAX_TITLE_LENGTH
from poll_app.domain.importing import (
    MAX_ARTICLE_BYTES,
    MAX_LINES,
    ImportedArticle,
    read_article,
)
from poll_app.domain.polls import MAX_QUESTION_LENGTH, clean_text
from poll_app.domain.questions import Block, ProposedPoll
from poll_app.domain.refusals import Refusal

SAMPLE = Path(__file__).parents[2].parent / "shared" / "articles" / "what-lies-ahead.txt"
YES_NO = ("Yes", "No", "Not sure")

# Our own words, in the shape of the first article: one paragraph per line, no title line.
TOWN_TEXT = """\
The old bridge over the Lenne has carried carts, trams and lorries for more than a hundred years, \
and nobody in the town can quite imagine the river without it. Who would want to?
Cracks And Costs: What The Survey Found
The engineers' report names three weak points, and it is frank about the fact that none of them \
can be repaired while traffic is running:
- The northern pier.
- Two of the main girders.
The council has not yet decided anything.

What Happens Next?
The report leaves the town with open questions:
- Will the council close the bridge to lorries?
- How will the repair change the town’s budget?
- Can the tram run again next year?
Until then the speed limit stays.
Have Your Say
What do you think? Should the bridge be saved at all? Write to us.
"""
TOWN_POLLS = (
    ProposedPoll("Will the council close the bridge to lorries?", YES_NO),
    ProposedPoll("How will the repair change the town's budget?", ()),
    ProposedPoll("Can the tram run again next year?", YES_NO),
)


def read(text: str, filename: str = "a.txt", title: str | None = None) -> ImportedArticle:
    return read_article(text.encode(), filename=filename, title=title)


def shape(article: ImportedArticle) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in article.blocks]


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


# ---- the first article, and its shape in our own words


@pytest.mark.skipif(not SAMPLE.exists(), reason="the first article lies outside the repository")
def test_the_first_article_yields_its_three_questions() -> None:
    data = SAMPLE.read_bytes()

    article = read_article(data, filename=SAMPLE.name)

    assert article.polls == (
        ProposedPoll("Will NATO abandon its cautious approach and deploy troops?", YES_NO),
        ProposedPoll("How will the Trump administration influence NATO's decisions?", ()),
        ProposedPoll("Can Ukraine achieve NATO membership amid the ongoing war?", YES_NO),
    )
    headings = [block.text for block in article.blocks if block.kind == "heading"]
    assert len(headings) == 7
    assert headings[-2:] == ["What Lies Ahead?", "Your Voice Matters"]
    assert article.title == headings[0]


def test_a_text_with_a_line_per_paragraph_is_read_into_headings_paragraphs_and_items() -> None:
    text = TOWN_TEXT

    article = read(text)

    assert [kind for kind, _ in shape(article)] == [
        *("paragraph", "heading", "paragraph", "item", "item", "paragraph"),
        *("heading", "paragraph", "item", "item", "item", "paragraph", "heading", "paragraph"),
    ]
    assert article.title == "Cracks And Costs: What The Survey Found"
    assert article.polls == TOWN_POLLS


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\x85", "\u2028"])
def test_line_endings_do_not_matter(ending: str) -> None:
    text = TOWN_TEXT.replace("\n", ending)

    article = read(text)

    assert article == read(TOWN_TEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_utf_16_with_a_byte_order_mark_are_read(encoding: str) -> None:
    data = TOWN_TEXT.encode(encoding)

    article = read_article(data, filename="a.txt")

    assert article.polls == TOWN_POLLS


# ---- plain text


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = """\
The Bridge

The old bridge over the river has carried carts, trams and lorries
for more than a hundred years, and nobody in the town can imagine the
river without it.
What Now
A new one would cost as much as the school, the town hall and the new
fire station taken together, says the report:

- The northern pier has to be rebuilt from the ground up, and that is
  only possible in winter.
- Two of the girders
  are weak.
1. Third
"""

    article = read(text)

    assert [(kind, line[:7], line[-7:]) for kind, line in shape(article)] == [
        ("paragraph", "The old", "out it."),
        ("heading", "What No", "hat Now"),
        ("paragraph", "A new o", "report:"),
        ("item", "The nor", "winter."),
        ("item", "Two of ", "e weak."),
        ("item", "Third", "Third"),
    ]
    assert article.title == "The Bridge"


def test_a_paragraph_right_after_a_question_does_not_join_it() -> None:
    text = """\
It is old.

What Now
- Will the council close the old bridge to all lorries?
- How will it change the long-term budget of the small
town and of the county?
Until the winter the speed limit stays as it is now.
"""

    article = read(text)

    assert [poll.question for poll in article.polls] == [
        "Will the council close the old bridge to all lorries?",
        "How will it change the long-term budget of the small town and of the county?",
    ]
    assert shape(article)[-1][0] == "paragraph"


def test_every_common_marker_makes_an_item_and_numbers_are_kept() -> None:
    text = "It says:\n- a\n* b\n• c\n+ d\n\n1. e\n2) f\n"

    article = read(text)

    assert [(block.text, block.number) for block in article.blocks[1:]] == [
        *(("a", 0), ("b", 0), ("c", 0), ("d", 0), ("e", 1), ("f", 2)),
    ]
    assert article.body == "It says:\n\n- a\n- b\n- c\n- d\n\n1. e\n2. f\n"


@pytest.mark.parametrize(
    "line",
    ["It ends here.", "It says:", "no capital", "“It ends.”", "x" * 121, "–", "- an item"],
)
def test_a_line_that_reads_like_a_sentence_is_no_heading(line: str) -> None:
    text = f"It begins.\n\n{line}\n\nIt goes on.\n"

    article = read(text)

    assert "heading" not in dict(shape(article))


def test_underlines_and_dividers_end_a_paragraph_and_vanish() -> None:
    text = "The Bridge\n==========\nIt is old.\n\n* * *\n\nIt is long.\n"

    article = read(text)

    assert article.title == "The Bridge"
    assert shape(article) == [("paragraph", "It is old."), ("paragraph", "It is long.")]


def test_a_last_line_is_a_byline_not_a_heading() -> None:
    text = "It is old.\n\nHer Name\n"

    article = read(text)

    assert shape(article) == [("paragraph", "It is old."), ("paragraph", "Her Name")]


# ---- titles


@pytest.mark.parametrize(
    ("text", "filename", "title"),
    [
        ("The Bridge\n\nIt is old.", "a.txt", "The Bridge"),
        ("Too late?\n\nIt is old.", "a.txt", "Too late?"),
        ("It is old.\n\nSays Who\n\nThe town says so.", "a.txt", "Says Who"),
        ("It is old.\n\nIt is long.", "a.txt", "It is old."),
        ("Only this line", "a.txt", "Only this line"),
        ("Intro\n\n## Part\n\n# The Bridge\n\nText", "a.md", "The Bridge"),
        ("Intro\n\n## Part\n\nText", "a.md", "Part"),
        ("The Bridge\n===\n\nText", "a.md", "The Bridge"),
        ("<title>Page</title><h2>Part</h2><h1>The Bridge</h1><p>x", "a.html", "The Bridge"),
        ("<title>A &amp; B</title><title>C</title><h2>Part</h2><p>x", "a.html", "A & B"),
        ("<p>x<h2>Part</h2><p>y", "a.html", "Part"),
    ],
)
def test_the_title_is_the_best_that_the_file_offers(text: str, filename: str, title: str) -> None:
    data = text.encode()

    article = read_article(data, filename=filename)

    assert article.title == title


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


# ---- HTML


def test_html_is_read_without_scripts_styles_navigation_and_comments() -> None:
    text = """<!DOCTYPE html><html><head><title>Page</title><style>p {}</style></head><body>
    <nav><p>Menu</p></nav><!-- <p>note</p> --><h1>The <em>Bridge</em></h1>
    <p onclick="go('>')">It is&nbsp;old &amp; <a href="javascript:x()">long</a>.<br>Very.</p>
    <script>document.write("<p>no</p>")</script><SCRIPT>x</SCRIPT >
    <h2>What now?</h2><ul><li>Will it <b>close</b>?</li><li><p>How long</p><p>will it take?</p></ul>
    <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>
    <footer>Imprint</footer></body></html>"""

    article = read(text, "a.html")

    assert article.title == "The Bridge"
    assert article.blocks == (
        Block("paragraph", "It is old & long. Very."),
        Block("heading", "What now?", level=2),
        Block("item", "Will it close?"),
        Block("item", "How long will it take?"),
        Block("paragraph", "a b"),
        Block("paragraph", "c"),
    )
    assert [poll.question for poll in article.polls] == ["Will it close?", "How long will it take?"]


def test_nested_and_numbered_lists_become_one_item_per_entry() -> None:
    text = "<ol><li>a<ul><li>b<li>c</ul><li>d</ol><li>stray<p>e"

    article = read(text, "a.html")

    assert [(block.kind, block.text, block.number) for block in article.blocks] == [
        *(("item", "a", 1), ("item", "b", 0), ("item", "c", 0), ("item", "d", 2)),
        ("item", "stray e", 0),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<h2>A<p>b", [("heading", "A"), ("paragraph", "b")]),
        ("<li><h3>A<p>b", [("heading", "A"), ("item", "b")]),
        ("<div><nav>menu</div><p>a", [("paragraph", "a")]),
        ("</ul></p></h1>a</b>b<", [("paragraph", "ab<")]),
        ("a<p title=don't>b</p>c", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("a<!-->b<!--->c<!-- x --!>d<!-- y", [("paragraph", "abcd")]),
        ("a<br/><p class='x'>b<p class=", [("paragraph", "a"), ("paragraph", "b")]),
        ("a<? x ?></ b><!x>b<script>c", [("paragraph", "ab")]),
        ("a&#" + "9" * 5000 + ";b", [("paragraph", "a\ufffdb")]),
        ("1 < 2 and 3 > 2", [("paragraph", "1 < 2 and 3 > 2")]),
    ],
)
def test_broken_html_is_read_as_far_as_it_goes(text: str, expected: list[tuple[str, str]]) -> None:
    data = text.encode()

    article = read_article(data, filename="a.html", title="T")

    assert shape(article) == expected


# ---- Markdown


def test_markdown_keeps_its_source_and_is_read_into_plain_blocks() -> None:
    source = """\
Intro with *emphasis*, `code`, [a link](https://example.org) and
![a picture](x.png) &amp; more.

    code

## What now?

- **Q1:** Will it close?
  - Really?

  Still the same item.
- How long will it take?

3. Third
"""

    article = read(source, "a.markdown")

    assert article.body == source
    assert article.blocks == (
        Block("paragraph", "Intro with emphasis, code, a link and a picture & more."),
        Block("paragraph", "code"),
        Block("heading", "What now?", level=2),
        Block("item", "Q1: Will it close?"),
        Block("item", "Really?"),
        Block("item", "Still the same item."),
        Block("item", "How long will it take?"),
        Block("item", "Third", number=3),
    )
    assert [poll.question for poll in article.polls] == [
        *("Will it close?", "Really?", "How long will it take?"),
    ]


def test_references_to_hidden_characters_leave_markdown() -> None:
    source = "a&#8238;b&shy;c &#82&shy;38; &amp; &copy; &nonsense;\n"

    article = read(source, "a.md")

    assert article.body == "abc   &amp; &copy; &nonsense;\n"


# ---- formats, cleaning, refusals


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


# ---- harmless, quick, never anything but an article or a refusal

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
