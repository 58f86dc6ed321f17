"""The lines for another page: a frame, a link where there are no frames, the optional script."""

import html5lib
import pytest

from poll_app.web.desk.embed_code import embed_lines

_H = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def lines(make_app):
    def make(*args, **kwargs):
        with make_app(POLL_PUBLIC_URL="https://polls.example").test_request_context("/editor/"):
            return embed_lines(*args, **kwargs)

    return make


@pytest.mark.parametrize(("kind", "folder"), [("poll", "polls"), ("article", "articles")])
def test_a_frame_of_the_public_address_a_link_and_a_script(lines, kind, folder):
    code = html5lib.parseFragment(lines(kind, "one", "One?", options=[3]))
    frame, link, script = (code.find(f".//{_H}{tag}") for tag in ("iframe", "a", "script"))

    assert frame.get("src") == f"https://polls.example/embed/{folder}/one"
    assert (frame.get("title"), frame.get("loading"), frame.get("width")) == (
        "One?",
        "lazy",
        "100%",
    )
    assert (link.get("href"), link.text) == (f"https://polls.example/{folder}/one", "One?")
    assert script.get("src") == "https://polls.example/embed.js"


def test_the_height_grows_with_the_questions_and_their_options(lines):
    heights = [
        int(html5lib.parseFragment(lines("poll", "one", "One?", options=o)).find(f"{_H}iframe").get("height"))
        for o in ([2], [9], [2, 2, 2])
    ]  # fmt: skip

    assert heights == sorted(set(heights))


def test_a_title_breaks_out_of_nothing(lines):
    evil = "\"><script>alert('1')</script>&amp;"

    code = html5lib.parseFragment(lines("poll", "one", evil, options=[2]))

    assert code.find(f"{_H}iframe").get("title") == evil
    assert code.find(f".//{_H}a").text == evil
    assert [s.get("src") for s in code.iter(f"{_H}script")] == ["https://polls.example/embed.js"]
