"""HTML pages, well made and broken."""

import pytest

from poll_app.domain.importing import read_article
from poll_app.domain.importing.documents import Block
from tests.domain.importing.reading import read, shape


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
