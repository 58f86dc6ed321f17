"""The results page in a browser: drawings that can be seen, tables behind them, one page on paper."""

import re

import pytest

pytestmark = pytest.mark.browser

DRAWN = """() => [...document.querySelectorAll('.over_time__columns rect, .over_time__strip path:last-child')].map((e) => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return [box.width > 1, e.tagName === 'rect' ? style.fill : style.stroke];
})"""


def pages_of(page, path):
    page.goto(path)
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


@pytest.mark.parametrize("slug", ["votes-0", "votes-7", "votes-40", "in-full", "arabic-1"])
def test_a_result_printed_is_one_page(page, live, slug):
    assert pages_of(page, f"{live}/polls/{slug}/results") == 1


def test_a_result_as_of_an_hour_printed_is_one_page(page, live):
    assert pages_of(page, f"{live}/polls/in-full/results?as_of=2026-01-08T00:00:00Z") == 1


@pytest.mark.parametrize(
    "details",
    [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced"],
)
def test_the_drawings_can_be_seen(new_page, live, details):
    page = new_page(360, 740, **details)
    page.goto(f"{live}/polls/in-full/results")

    drawn = page.evaluate(DRAWN)
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    assert len(drawn) == 12 + 4
    assert all(seen and color not in {paper, "none"} for seen, color in drawn if seen)
    assert sum(seen for seen, _ in drawn) >= 11 + 4


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_a_comparison_shows_its_figures_without_being_moved(new_page, live, width):
    page = new_page(width, 740, javascript=False)
    page.goto(f"{live}/articles/compared/results?rows=compared-1&columns=compared-2")
    table = page.locator(".wide_table")
    edge = table.evaluate("place => place.getBoundingClientRect().right")

    shown = [cell.evaluate("e => e.getBoundingClientRect().right") for cell in table.locator("tr:last-child td").all()]  # fmt: skip
    caption = table.locator("caption").evaluate("e => e.getBoundingClientRect().right")

    assert len(shown) == 4
    assert shown[1] <= edge
    assert shown[-1] <= edge or width < 1280
    assert caption <= edge


def test_a_printed_result_tells_nobody_how_its_reader_voted(page, live, new_poll):
    page.goto(f"{live}/polls/{new_poll().slug}")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Vote").click()
    page.wait_for_url("**/results#your-answer")
    own = page.locator(".own_answer:visible, .result_table__own:visible")
    assert own.count() == 2

    page.emulate_media(media="print")
    assert own.count() == 0


def test_time_runs_with_the_direction_of_the_page(page, live):
    page.goto(f"{live}/polls/in-full/results")
    page.evaluate("document.documentElement.dir = 'rtl'")

    first, *_, last = page.locator(".over_time__columns rect").all()

    assert first.bounding_box()["x"] > last.bounding_box()["x"]


def test_the_table_behind_a_drawing_opens_without_a_script_and_can_be_moved_by_key(new_page, live):
    page = new_page(320, 740, javascript=False)
    page.goto(f"{live}/polls/in-full/results")

    page.get_by_text("These figures as a table").click()

    table = page.get_by_role("region", name="Table of the figures over time")
    assert table.is_visible()
    assert table.locator("tbody tr").count() == 12
    assert table.get_attribute("tabindex") == "0"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
