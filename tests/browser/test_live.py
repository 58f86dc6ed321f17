"""A results page that stays open keeps its figures current, politely, until somebody pauses it."""

import pytest

from tests.browser.site import fill_in_turn
from tests.guards.tree import ROOT
from tests.web.acts import change

pytestmark = pytest.mark.browser

MINUTE_MS = 60_000
# Counted where they are made: word of a request reaches us at a time of its own.
COUNTED = """
  window.asked = window.answered = 0;
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...given) {
    window.asked += 1;
    this.addEventListener("loadend", () => { window.answered += 1; });
    return send.apply(this, given);
  };
"""


@pytest.fixture
def poll(site, new_poll):
    """A question with one ballot."""
    found = new_poll()
    fill_in_turn(site, found, ["Yes"], 1)
    return found


@pytest.fixture
def opened(page, live, poll):
    """Its page, with a clock that is moved by hand, and a count of the requests that it makes."""
    page.clock.install()
    page.add_init_script(COUNTED)
    page.goto(f"{live}/polls/{poll.slug}/results")
    return page


def after(page, minutes):
    """Lets time pass; how often the page asked for itself, and got an answer."""
    before = page.evaluate("asked")
    page.clock.run_for(int(minutes * MINUTE_MS))
    asked = page.evaluate("asked")
    while page.evaluate("answered") < asked:  # the server is real, and on no clock of ours
        page.wait_for_timeout(20)
    return asked - before


def test_an_open_page_shows_new_figures_and_says_the_sentence_once(opened, site, poll):
    page = opened
    page.get_by_text("How to read this").click()
    fill_in_turn(site, poll, ["No"], 12)

    assert after(page, 0.9) == 0
    assert after(page, 0.2) == 1

    page.get_by_text("of the 13 readers who voted").first.wait_for()
    assert "13 readers chose to answer" in page.locator(".reader_note").inner_text()
    assert page.locator(".live [role=status]").inner_text() == page.locator(".lead").inner_text()
    assert page.locator("details.disclosure[open]").count() == 1
    assert page.complaints == []


def test_while_nothing_changes_it_asks_less_and_less_often(opened):
    assert after(opened, 1.1) == 1
    assert after(opened, 1) == 0
    assert after(opened, 1.1) == 1
    assert opened.locator(".live [role=status]").inner_text() == ""


def test_it_can_be_paused_and_resumed_by_key(opened):
    box = opened.locator(".live")
    assert "This page keeps its figures current." in box.inner_text()
    opened.get_by_role("button", name="Pause updates").focus()
    opened.keyboard.press("Enter")
    assert "Updates are paused." in box.inner_text()
    assert "keeps its figures current" not in box.inner_text()
    assert after(opened, 10) == 0

    assert opened.get_by_role("button", name="Resume updates").is_visible()
    opened.keyboard.press("Space")
    assert "This page keeps its figures current." in box.inner_text()
    assert after(opened, 1) == 1


def test_a_tab_that_is_hidden_rests(opened):
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    opened.evaluate(hide, True)
    assert after(opened, 10) == 0

    opened.evaluate(hide, False)
    assert after(opened, 1) == 1


def test_what_somebody_stands_on_stays(opened, site, poll):
    opened.evaluate("""() => {
      const part = document.querySelector('.reader_note');
      part.tabIndex = -1;
      part.focus();
    }""")
    fill_in_turn(site, poll, ["No"], 12)
    after(opened, 1.1)

    opened.get_by_text("of the 13 readers who voted").first.wait_for()
    assert opened.evaluate("document.activeElement.className") == "reader_note"


def test_it_asks_with_the_tag_of_what_it_has(opened, site, poll):
    answers = []
    opened.on("response", lambda answer: answers.append(answer.request.all_headers()))

    assert after(opened, 1.1) == 1
    opened.wait_for_timeout(200)
    assert [bool(sent.get("if-none-match")) for sent in answers] == [True]


def test_the_script_is_small():
    script = (ROOT / "static/js/live.js").read_bytes()

    assert len(script) < 1_450


def test_figures_of_another_wording_do_not_come_under_this_one(opened, site, poll):
    rewording = "UPDATE polls SET question = 'Is it not?', revision = revision + 1 WHERE id = :id"
    change(site, rewording, id=poll.id)
    fill_in_turn(site, poll, ["No"], 12)

    assert after(opened, 1.1) == 1
    opened.locator(".live").wait_for(state="detached")
    assert "1 reader chose to answer" in opened.locator(".reader_note").inner_text()
    assert after(opened, 60) == 0


def test_it_stops_when_voting_is_over(opened, site, poll):
    closing = "UPDATE polls SET closes_at = '2026-01-02', revision = revision + 1 WHERE id = :id"
    change(site, closing, id=poll.id)

    assert after(opened, 1.1) == 1
    opened.locator(".live").wait_for(state="detached")
    assert after(opened, 60) == 0


def test_without_a_script_and_as_of_an_hour_nothing_is_promised(new_page, live, poll):
    page = new_page(javascript=False)
    page.goto(f"{live}/polls/{poll.slug}/results")
    assert page.locator(".live").is_hidden()

    for path in (f"{poll.slug}/results?as_of=2026-01-08T00:00:00Z", "hidden/results"):
        page.goto(f"{live}/polls/{path}")
        assert page.locator(".live").count() == 0
