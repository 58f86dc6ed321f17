"""The pages on small screens, enlarged, in print, in forced colours, in two directions; their weight."""

import gzip
import re

import pytest

from tests.browser.site import PAGES

pytestmark = pytest.mark.browser

OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const out = [...document.body.querySelectorAll('*')].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width && box.height && (box.right > width + 1 || box.left < -1) && !e.closest('.skip_link, .hidden_text, .hidden, .wide_table table');
  });
  return [document.documentElement.scrollWidth > innerWidth, out.map((e) => e.outerHTML.slice(0, 80))];
}"""
NARROW = {"320 px": (320, 900), "400 %": (320, 256), "telephone": (360, 740), "tablet": (768, 1024)}


@pytest.fixture(params=[pytest.param(path, id=name) for name, path in PAGES.items()])
def path(request):
    return request.param


def test_nothing_is_wider_than_the_screen(visitor, live, path):
    visitor.goto(live + path)
    found = {}
    for name, (width, height) in NARROW.items():
        visitor.set_viewport_size({"width": width, "height": height})
        found[name] = visitor.evaluate(OVERFLOW)

    assert found == {name: [False, []] for name in NARROW}


FRAMES = [path for path in PAGES.values() if path.startswith("/embed/")]


@pytest.mark.parametrize("path", FRAMES)
def test_a_frame_fits_where_a_page_has_300_px_for_it(visitor, live, path):
    visitor.goto(live + path)
    visitor.set_viewport_size({"width": 300, "height": 400})

    assert visitor.evaluate(OVERFLOW) == [False, []]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_address_of_a_frame_goes_before_the_wish_of_the_system(visitor, live, scheme, theme):
    visitor.emulate_media(color_scheme=scheme)
    visitor.goto(f"{live}/embed/polls/to-vote?theme={theme}")
    paper, schemes = visitor.evaluate(
        "(s => [s.backgroundColor, s.colorScheme])(getComputedStyle(document.documentElement))"
    )
    shown = scheme if theme == "auto" else theme

    assert paper == {"light": "rgb(252, 252, 250)", "dark": "rgb(20, 23, 26)"}[shown]
    assert schemes == shown


def test_a_page_asks_nobody_else_and_breaks_no_rule_of_its_own(visitor, live, path):
    visitor.goto(live + path)

    asked = visitor.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [url for url in asked if not url.startswith(live)] == []
    complaints = [t for t in visitor.complaints if "404" not in t or path != PAGES["not found"]]
    assert complaints == []


def test_the_rules_of_a_page_stop_what_is_injected(page, live):
    page.goto(f"{live}/polls/to-vote")

    page.evaluate(
        "() => { const s = document.createElement('style'); s.textContent = 'body{color:red}'; document.head.append(s) }"
    )

    assert any("Content Security Policy" in text for text in page.complaints)
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"


def test_the_article_asks_its_three_questions_word_for_word_in_order(page, live):
    page.goto(f"{live}/articles/what-lies-ahead")

    assert page.locator("legend").all_inner_texts() == [
        "Will NATO abandon its cautious approach and deploy troops?",
        "How will the Trump administration influence NATO's decisions?",
        "Can Ukraine achieve NATO membership amid the ongoing war?",
    ]


def test_the_article_with_three_polls_is_light(page, live):
    answers = []
    page.on("response", lambda response: answers.append(response))  # noqa: PLW0108 - playwright wants a function

    page.goto(f"{live}/articles/what-lies-ahead", wait_until="networkidle")

    bodies = {answer.url: answer.body() for answer in answers}
    packed = sum(
        len(gzip.compress(body))
        for url, body in bodies.items()
        if not re.search(r"\.(svg|png|ico)", url)
    )
    assert sum(map(len, bodies.values())) < 40_000
    assert packed < 14 * 1024


BARS = """() => [...document.querySelectorAll('.result_table__bar rect')].map((bar) => {
  const box = bar.getBoundingClientRect(), style = getComputedStyle(bar);
  return { width: box.width, height: box.height, fill: style.fill, canvas: getComputedStyle(document.documentElement).backgroundColor };
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_are_visible_in_forced_colours(new_page, live, scheme):
    page = new_page(forced_colors="active", color_scheme=scheme)
    page.goto(f"{live}/polls/votes-40/results")

    bars = page.evaluate(BARS)

    assert len(bars) == 3
    assert all(
        bar["width"] > 1 and bar["height"] > 1 and bar["fill"] != bar["canvas"] for bar in bars
    )


def test_bars_are_visible_in_print_and_buttons_are_not(page, live):
    page.goto(f"{live}/polls/votes-40/results")
    page.emulate_media(media="print", color_scheme="dark")

    bars = page.evaluate(BARS)
    adjust = page.evaluate(
        "getComputedStyle(document.querySelector('.result_table__bar')).printColorAdjust"
    )

    assert all(
        bar["width"] > 1 and bar["fill"] not in {"rgb(255, 255, 255)", "none"} for bar in bars
    )
    assert adjust == "exact"
    assert page.locator(".button:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf().startswith(b"%PDF")


def test_bars_are_as_long_as_the_shares(page, live):
    page.goto(f"{live}/polls/votes-40/results")

    widths = [bar["width"] for bar in page.evaluate(BARS)]

    full = page.locator(".result_table__bar").first.bounding_box()["width"]
    assert [round(100 * width / full, 1) for width in widths] == [65.0, 27.5, 7.5]


def test_every_target_is_large_enough_for_a_finger(new_page, live):
    page = new_page(360, 740)
    page.goto(f"{live}/polls/to-vote")

    for target in page.locator("label, button").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_text_in_another_direction_runs_its_own_way_on_an_english_page(page, live):
    page.goto(f"{live}/articles/arabic")

    for selector in ("h1", "legend :is(h2, h3)", "label", ".prose"):
        first = page.locator(selector).first
        assert first.evaluate("e => getComputedStyle(e).direction") == "rtl"
        assert first.evaluate("e => e.closest('[lang]').lang") == "ar"
    assert page.locator("html").get_attribute("dir") == "ltr"


def test_long_words_are_broken_not_cut(new_page, live):
    page = new_page(320, 900)
    page.goto(f"{live}/polls/long-words")

    for element in page.locator("h1, label span").all():
        assert element.evaluate(
            "e => e.scrollWidth <= e.clientWidth + 1 || getComputedStyle(e).display === 'inline'"
        )


def test_the_page_holds_with_the_text_spacing_of_wcag(page, live):
    page.set_viewport_size({"width": 320, "height": 900})
    for path in ("/polls/nine-long", "/polls/votes-40/results", "/articles/what-lies-ahead"):
        page.goto(live + path)
        # The site's own policy allows no style: readers' extensions set it through the browser as here.
        page.evaluate("""() => { const s = new CSSStyleSheet();
          s.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important} p{margin-block-end:2em!important}');
          document.adoptedStyleSheets = [s]; }""")

        assert page.evaluate(OVERFLOW) == [False, []]
