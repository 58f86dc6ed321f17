"""Voting in a real browser: with and without JavaScript, by mouse and by keyboard, once each."""

import json
import re

import pytest

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.web.acts import rows

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def reader(request, new_page):
    """A page of a reader who has never been here, with JavaScript on and off."""
    return new_page(javascript=request.param)


def vote_for(page, address, *labels):
    page.goto(address)
    for label in labels:
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    page.wait_for_url("**/results*#your-answer")


def await_results(page):
    """Waits for the results, however many clicks led there.

    Not by wait_for_url: that takes a navigation which the next click drops for a failure.
    """
    sync_api.expect(page).to_have_url(re.compile(r"/results#your-answer$"), timeout=10_000)


def test_a_reader_votes_and_sees_the_answer_counted(reader, live, new_poll, held):
    poll = new_poll()

    vote_for(reader, f"{live}/polls/{poll.slug}", "Yes")

    assert "Your answer counts: Yes." in reader.get_by_role("status").first.inner_text()
    assert held(poll) == [["Yes"]]


def test_a_reader_chooses_several(reader, live, new_poll, held):
    poll = new_poll(("A", "B", "C"), method="multiple", max_choices=2)

    vote_for(reader, f"{live}/polls/{poll.slug}", "A", "C")

    assert held(poll) == [["A", "C"]]


def test_a_reader_changes_the_answer(reader, live, new_poll, held):
    poll = new_poll()
    vote_for(reader, f"{live}/polls/{poll.slug}", "Yes")

    reader.get_by_role("link", name="Change or withdraw it").click()
    sync_api.expect(reader.get_by_label("Yes", exact=True)).to_be_checked()
    reader.get_by_label("No", exact=True).check()
    reader.get_by_role("button", name="Change my answer").click()
    reader.wait_for_url("**/results*#your-answer")

    assert held(poll) == [["No"]]


def test_a_reader_withdraws_the_answer(reader, live, new_poll, held):
    poll = new_poll()
    vote_for(reader, f"{live}/polls/{poll.slug}", "Yes")

    reader.goto(f"{live}/polls/{poll.slug}")
    reader.get_by_role("button", name="Withdraw my answer").click()
    reader.wait_for_url("**#withdrawn")

    assert "You withdrew your answer." in reader.get_by_role("status").first.inner_text()
    assert not reader.get_by_label("Yes", exact=True).is_checked()
    assert held(poll) == []


def test_a_reader_looks_at_the_results_without_voting(reader, live, new_poll, held, site):
    poll = new_poll()

    reader.goto(f"{live}/polls/{poll.slug}")
    reader.get_by_role("button", name="Show me the results without voting").click()
    reader.wait_for_url("**/results")

    assert "1 browser looked at the results before voting or without" in reader.inner_text("main")
    assert held(poll) == []
    assert rows(site, "SELECT peeks FROM turnouts WHERE poll_id = :poll", poll=poll.id) == [(1,)]


def test_a_reader_votes_from_the_article(page, live):
    page.goto(f"{live}/articles/what-lies-ahead")
    form = page.locator("form[action='/polls/nato-troops/vote']")

    form.get_by_label("Not sure").check()
    form.get_by_role("button", name="Vote").click()
    page.wait_for_url("**/polls/nato-troops/results#your-answer")

    assert "Your answer counts: Not sure." in page.get_by_role("status").first.inner_text()


def test_the_double_click_of_a_first_time_reader_counts_once(reader, live, new_poll, held):
    poll = new_poll()
    reader.goto(f"{live}/polls/{poll.slug}")
    reader.get_by_label("Yes", exact=True).check()

    reader.get_by_role("button", name="Vote", exact=True).dblclick(no_wait_after=True)
    await_results(reader)
    reader.wait_for_load_state("networkidle")

    assert held(poll) == [["Yes"]]


def test_three_hasty_clicks_count_once(page, live, new_poll, held):
    poll = new_poll()
    page.goto(f"{live}/polls/{poll.slug}")
    page.get_by_label("No", exact=True).check()

    page.get_by_role("button", name="Vote", exact=True).click(
        click_count=3, delay=30, no_wait_after=True
    )
    await_results(page)
    page.wait_for_load_state("networkidle")

    assert held(poll) == [["No"]]


def test_back_and_reload_after_voting_count_once(page, live, new_poll, held):
    poll = new_poll()
    vote_for(page, f"{live}/polls/{poll.slug}", "Yes")

    page.reload()
    page.go_back()
    page.wait_for_url(f"**/polls/{poll.slug}")
    page.reload()
    answered = page.locator(".own_answer").inner_text()
    page.go_forward()
    page.wait_for_url("**/results*#your-answer")

    assert "You answered: Yes." in answered
    assert held(poll) == [["Yes"]]


def test_voting_once_more_after_going_back_changes_the_one_ballot(page, live, new_poll, held):
    poll = new_poll()
    vote_for(page, f"{live}/polls/{poll.slug}", "Yes")

    page.go_back()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name=re.compile("Vote|Change my answer")).click()
    page.wait_for_url("**/results*#your-answer")

    assert held(poll) == [["No"]]


def test_two_tabs_of_one_reader_are_one_ballot(page, live, new_poll, held):
    poll = new_poll()
    other = page.context.new_page()
    other.goto(f"{live}/polls/{poll.slug}")
    other.get_by_label("No", exact=True).check()

    vote_for(page, f"{live}/polls/{poll.slug}", "Yes")
    other.get_by_role("button", name="Vote", exact=True).click()
    other.wait_for_url("**/results*#your-answer")

    assert held(poll) == [["No"]]


def test_a_reader_who_blocks_cookies_is_told_why(chromium, tmp_path, live, new_poll, held):
    poll = new_poll()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocked))

    context = chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=FLAGS
    )
    page = context.pages[0]
    page.goto(f"{live}/polls/{poll.slug}")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    page.wait_for_url("**again=1")
    told = page.inner_text("main")
    context.close()

    assert "Your browser did not keep the cookie" in told
    assert held(poll) == []


def test_focus_lands_on_the_own_answer_after_voting(page, live, new_poll):
    poll = new_poll()

    vote_for(page, f"{live}/polls/{poll.slug}", "Yes")

    sync_api.expect(page.locator(":focus")).to_have_id("your-answer")


@pytest.mark.parametrize("method", ["single", "multiple"])
def test_an_empty_submit_moves_the_focus_to_what_is_wrong(page, live, new_poll, method):
    poll = new_poll(method=method)
    page.goto(f"{live}/polls/{poll.slug}")

    page.get_by_role("button", name="Vote", exact=True).click()
    page.wait_for_url("**/vote*")

    assert page.title().startswith("Error: ")
    sync_api.expect(page.locator(":focus")).to_have_class("error_summary")
    page.get_by_role("link", name="Select an answer").click()
    sync_api.expect(page.locator(":focus")).to_have_attribute("name", "option")


FOCUS = """() => {
  const seen = (e) => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 };
  const e = document.activeElement;
  const around = [e, e.closest('label'), e.closest('.ballot__option')].filter((x) => x !== null);
  return { tag: e.tagName, type: e.type || '', text: (e.innerText || '').trim(), visible: around.some(seen) };
}"""


def test_a_reader_votes_with_the_keyboard_alone_and_always_sees_the_focus(
    page, live, new_poll, held
):
    poll = new_poll()
    page.goto(f"{live}/polls/{poll.slug}")
    stops = []

    for _ in range(20):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
        if stops[-1]["type"] == "radio":
            page.keyboard.press("Space")
        if stops[-1]["text"] == "Vote":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/results*#your-answer")

    assert stops[0]["text"] == "Skip to the content"
    assert [stop for stop in stops if not stop["visible"]] == []
    assert len(held(poll)) == 1


def test_the_skip_link_leads_to_the_content(page, live, new_poll):
    page.goto(f"{live}/polls/{new_poll().slug}")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    sync_api.expect(page.locator(":focus")).to_have_id("content")
